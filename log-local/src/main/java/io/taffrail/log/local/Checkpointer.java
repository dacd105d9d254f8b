package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.journal.DiskFull;
import io.taffrail.log.local.journal.Journal;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.local.thread.Worker;
import io.taffrail.log.spi.Owner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes checkpoints, on a thread of its own: captures every changed log on its owner's thread,
 * forces its segments, replaces the checkpoint file, and frees the journal before it.
 *
 * <p>
 * A capture may hold appends that the journal has not forced yet. They become durable with the
 * checkpoint instead, which is no more than somebody was told, and a commit is captured whole
 * because its logs have one owner. So a checkpoint never waits for the journal, which may itself be
 * waiting for a checkpoint to free a file. Groups after the recorded one are replayed over captures
 * that may hold them already.
 */
final class Checkpointer {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private final CheckpointFile file;
    private final FolderForce forceFolders;
    private final Journal journal;
    private final LocalLogConfig config;
    private final Threads threads;
    private final DiskReserve reserve;
    private final StorageFailure failure;
    private final Worker thread;
    private final Map<LogId, LocalLog> dirty = new ConcurrentHashMap<>();
    private final Map<LogId, Captured> captured = new HashMap<>();
    /** Whether the last checkpoint is made, after which there must be none; the thread's own. */
    private boolean ended;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final List<Segment> unforced = new ArrayList<>();
    /** Whether a folder may be new, also where forcing that failed before. */
    private boolean foldersUnforced;
    /** Logs whose durability has grown, as captured by the checkpoint being made. */
    private final Map<LocalLog, Integer> settling = new ConcurrentHashMap<>();
    /** Quarantined logs for whose sake the journal is kept. */
    private List<LogId> holding = List.of();
    private volatile long lastBytes;
    /** Whether one was due and the disk had no room for it. */
    private volatile boolean owed;
    private final Map<StoredLog, CompletableFuture<Long>> deleted = new ConcurrentHashMap<>();

    /** The last capture of a log, as it goes to the file. */
    private record Captured(StoredLog log, ByteBuffer bytes) {

        static Captured of(LogCapture capture) {
            return new Captured(capture.log(), capture.encode());
        }
    }

    /** Forces the names of the logs' folders. */
    interface FolderForce {
        void force() throws IOException;
    }

    Checkpointer(CheckpointFile file, FolderForce forceFolders, Journal journal,
            LocalLogConfig config, Threads threads, DiskReserve reserve,
            StorageFailure failure) {
        this.reserve = reserve;
        this.failure = failure;
        this.file = file;
        this.forceFolders = forceFolders;
        this.journal = journal;
        this.config = config;
        this.threads = threads;
        this.thread = threads.worker("taffrail-checkpoint");
    }

    /** Takes what a start has found; before anything else. */
    void found(Collection<StoredLog> logs) {
        logs.forEach(it -> captured.put(it.id(), Captured.of(LogCapture.of(it))));
    }

    void start() {
        thread.every(config.checkpointInterval(), this::ifDirty);
    }

    /** The log has changed; on its owner's thread. */
    void touched(LocalLog log) {
        dirty.put(log.id(), log);
    }

    /** Makes one soon if enough was appended since the last, or {@code now} in any case. */
    void consider(boolean now) {
        boolean due = now || journal.writtenBytes() - lastBytes > config.checkpointBytes().bytes();
        if (due && asked.compareAndSet(false, true)) {
            try {
                thread.execute(this::make);
            } catch (RejectedExecutionException e) {
                LOG.debug("no checkpoint while closing", e);
            }
        }
    }

    /**
     * There is more room on the disk: makes one that had none, so that a start need not write again
     * what has been deleted since.
     */
    void roomAgain() {
        if (owed) {
            consider(true);
        }
    }

    private void ifDirty() {
        if (!dirty.isEmpty()) {
            make();
        }
    }

    private void make() {
        asked.set(false);
        if (ended) {
            return;
        }
        try {
            long group = writeWithReserve(false);
            LOG.debug("checkpoint of group {}", group);
            owed = false;
            reserve.restore();
        } catch (IOException e) {
            if (DiskFull.causedBy(e)) {
                owed = true;
                LOG.warn("CKP-001 disk full: no checkpoint: {}", e.toString());
            } else {
                LOG.error("CKP-002 no checkpoint; the journal keeps what it would have freed", e);
                failure.report(new LogFailedException(
                        "segments or the checkpoint could not be forced; restart to recover: " + e,
                        e));
            }
        } catch (RuntimeException e) {
            LOG.error("CKP-002 no checkpoint; the journal keeps what it would have freed", e);
        }
    }

    /** Writes one; where the disk is full, once more with the room of the reserve. */
    private long writeWithReserve(boolean clean) throws IOException {
        try {
            return write(clean);
        } catch (IOException e) {
            if (!DiskFull.causedBy(e) || !reserve.giveBack()) {
                throw e;
            }
            LOG.warn("CKP-005 disk full: the checkpoint uses the reserve: {}", e.toString());
            return write(clean);
        }
    }

    /** Makes one at once, on the calling thread, before the engine has begun. */
    void atStart() throws IOException {
        long group = writeWithReserve(false);
        LOG.debug("checkpoint of group {}", group);
    }

    private long write(boolean clean) throws IOException {
        LogFailedException failed = journal.failure();
        if (failed != null) {
            throw failed;
        }
        if (clean) {
            threads.await(journal.barrier());
        }
        long group = journal.fillingGroup() - 1;
        long bytes = journal.writtenBytes();
        Queue<LocalLog> taken = new ConcurrentLinkedQueue<>();
        settling.clear();
        try {
            List<LogCapture> captures = capture(taken);
            group = held(group);
            forceAll(captures);
            captures.forEach(it -> captured.put(it.id(), Captured.of(it)));
            List<StoredLog> gone = deletedUpTo(group);
            captured.values().removeIf(it -> gone.contains(it.log));
            file.write(group, clean && holding.isEmpty(),
                    captured.values().stream().map(Captured::bytes).toList());
            gone.forEach(deleted::remove);
        } catch (IOException | RuntimeException e) {
            // What was captured is not recorded: it must be captured again next time.
            taken.forEach(it -> dirty.putIfAbsent(it.id(), it));
            throw e;
        }
        unforced.clear();
        lastBytes = bytes;
        settling.forEach(Checkpointer::settle);
        journal.release(group);
        return group;
    }

    /** Everything that the log had when it was captured is on disk now. */
    private static void settle(LocalLog log, int change) {
        try {
            log.owner().execute(() -> log.settled(change));
        } catch (RejectedExecutionException e) {
            LOG.debug("nobody is left to be told of {}", log.id(), e);
        }
    }

    /**
     * The group that may be recorded. The state of a quarantined log cannot be captured: the
     * journal
     * keeps everything since its last capture, until it has been reopened or deleted.
     */
    private long held(long group) {
        List<LogId> doubtful = dirty.values().stream().filter(LocalLog::isQuarantined)
                .map(LocalLog::id).toList();
        if (!doubtful.equals(holding) && !doubtful.isEmpty()) {
            LOG.warn("CKP-004 the journal is kept from group {} on for the quarantined logs {}",
                    file.group(), doubtful);
        }
        holding = doubtful;
        return doubtful.isEmpty() ? group : Math.min(group, file.group());
    }

    /**
     * Makes a quarantined log's facts anew; see {@link LogRebuild}.
     *
     * @param view
     *            the log's last
     */
    CompletableFuture<StoredLog> rebuild(LogView view, StoredLog doubtful, StoredLogs logs) {
        return CompletableFuture.supplyAsync(() -> {
            Captured last = captured.get(doubtful.id());
            try {
                StoredLog fresh = LogRebuild.of(view, doubtful,
                        last == null ? null : LogCapture.decode(last.bytes.duplicate(), logs),
                        logs);
                if (last != null) {
                    // The capture stays good, and goes when the log that takes over is deleted.
                    captured.put(doubtful.id(), new Captured(fresh, last.bytes));
                }
                return fresh;
            } catch (IOException e) {
                throw new LogFailedException(doubtful.id() + " cannot be reopened: " + e, e);
            }
        }, thread);
    }

    /**
     * Logs brought back by recovery: their captures are good, their segments are yet to be forced.
     */
    void recovered(Collection<StoredLog> logs) {
        logs.forEach(it -> unforced.addAll(List.of(it.segments())));
    }

    /**
     * Forces what was written since the last time; many segments by several threads, as the disk
     * takes forces together.
     */
    private void forceAll(List<LogCapture> captures) throws IOException {
        List<Segment> segments = new ArrayList<>(unforced);
        captures.forEach(it -> segments.addAll(it.segments()));
        segments.removeIf(it -> !it.isDirty());
        foldersUnforced |= !segments.isEmpty();
        threads.together(segments.stream().map(it -> (Threads.DiskTask) it::force).toList());
        if (foldersUnforced) {
            forceFolders.force();
            foldersUnforced = false;
        }
    }

    private List<LogCapture> capture(Queue<LocalLog> taken) {
        Set<Owner> owners = new LinkedHashSet<>();
        dirty.values().forEach(it -> owners.add(it.owner()));
        List<CompletableFuture<List<LogCapture>>> running = new ArrayList<>();
        owners.forEach(it -> running.add(capture(it, taken)));
        List<LogCapture> captures = new ArrayList<>();
        running.forEach(it -> captures.addAll(threads.await(it)));
        return captures;
    }

    /**
     * Captures what has changed of an owner's logs in one of its turns: which those are is decided
     * there too, so that a commit is captured in all of its logs or in none.
     */
    private CompletableFuture<List<LogCapture>> capture(Owner owner, Queue<LocalLog> taken) {
        try {
            return CompletableFuture.supplyAsync(() -> captureNow(owner, taken), owner);
        } catch (RejectedExecutionException e) {
            // The owner has stopped, so nobody else changes the logs.
            return CompletableFuture.completedFuture(captureNow(owner, taken));
        }
    }

    private List<LogCapture> captureNow(Owner owner, Queue<LocalLog> taken) {
        List<LocalLog> logs = dirty.values().stream()
                .filter(it -> it.owner().equals(owner) && !it.isQuarantined()).toList();
        for (LocalLog log : logs) {
            dirty.remove(log.id(), log);
            taken.add(log);
            if (log.stored().unsettled() != 0) {
                settling.put(log, log.stored().unsettled());
            }
        }
        List<LogCapture> captures = new ArrayList<>();
        logs.forEach(it -> captured(it, taken).ifPresent(captures::add));
        return captures;
    }

    /** A log that cannot be captured is quarantined alone, and the journal kept for its sake. */
    private Optional<LogCapture> captured(LocalLog log, Queue<LocalLog> taken) {
        try {
            return Optional.of(log.capture());
        } catch (Throwable e) {
            var _ = log.quarantine(e);
            settling.remove(log);
            taken.remove(log);
            dirty.put(log.id(), log);
            return Optional.empty();
        }
    }

    /**
     * The log is being deleted. Said before the journal has an entry of that, whose group completes
     * {@code group}: a checkpoint up to that group or a later one must not name the log, and one
     * before must, because the journal may have appends of it that lead up to the entry.
     */
    void deleted(StoredLog log, CompletableFuture<Long> group) {
        deleted.put(log, group.exceptionally(failure -> Long.MAX_VALUE));
    }

    private List<StoredLog> deletedUpTo(long group) {
        List<StoredLog> gone = new ArrayList<>();
        Map.copyOf(deleted).forEach((log, in) -> {
            if (threads.await(in) <= group) {
                gone.add(log);
            }
        });
        return gone;
    }

    /**
     * Makes the last checkpoint, on the checkpoint's thread.
     *
     * @return the journal's group up to which it holds everything; fails if there is none
     */
    CompletableFuture<Long> last() {
        CompletableFuture<Long> group = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    group.complete(writeLast());
                } catch (IOException | RuntimeException e) {
                    group.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            group.completeExceptionally(e);
        }
        return group;
    }

    private long writeLast() throws IOException {
        if (journal.isFull()) {
            // Frees files of the journal, which the last checkpoint waits for.
            long freed = writeWithReserve(false);
            LOG.debug("checkpoint of group {}", freed);
        }
        long group = writeWithReserve(true);
        ended = true;
        return group;
    }

    /** Ends the thread; false if it is still at work when the patience is over. */
    boolean end(Duration patience) {
        return thread.end(patience);
    }

    /** Stops without a last checkpoint, as a crash would. */
    void abandon() {
        thread.abandon();
    }
}
