package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.journal.DiskFull;
import io.taffrail.log.local.journal.Journal;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.local.thread.Worker;
import io.taffrail.log.spi.LogTrouble;
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
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background thread that makes checkpoints. It captures every changed log on the thread of
 * the log's owner, forces the segments, replaces the checkpoint file, and frees the journal up to
 * the recorded group.
 *
 * <p>
 * A capture may contain appends that the journal has not forced yet. The checkpoint makes them
 * durable earlier than the journal would, which breaks no promise. A commit is captured whole,
 * because its logs have one owner. A checkpoint therefore never waits for the journal, which may
 * itself be waiting for a checkpoint to free a file. After a crash, groups behind the recorded one
 * are replayed over captures that may already contain them.
 */
final class Checkpointer {

    /** In place of a journal group: the next start needs the journal. */
    static final long NOTHING = -1;
    /** In place of a log's id, where checkpoints as a whole are meant. */
    static final LogId ALL = new LogId("@checkpoint");

    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

    private final CheckpointFile file;
    private final FolderForce forceFolders;
    private final Journal journal;
    private final CheckpointPace pace;
    private final Threads threads;
    private final DiskReserve reserve;
    private final StorageFailure failure;
    private final Worker thread;
    private final Map<LogId, LocalLog> dirty = new ConcurrentHashMap<>();
    private final Map<LogId, Captured> captured = new HashMap<>();
    /** True once the last checkpoint is made; no other may follow. Checkpoint thread only. */
    private boolean ended;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final List<Segment> unforced = new ArrayList<>();
    /**
     * True if a log folder may be new and its name not yet forced, including after a failed force.
     */
    private boolean foldersUnforced;
    /**
     * Logs that changed to durability {@code fsync}, with the number of the change, captured for
     * the current checkpoint.
     */
    private final Map<LocalLog, Integer> settling = new ConcurrentHashMap<>();
    /** Quarantined logs for which the journal is retained. */
    private List<LogId> holding = List.of();
    private volatile long lastBytes;
    /** Checkpoints made since the start. Changed by the checkpoint thread only. */
    private final AtomicLong written = new AtomicLong();
    /** True if a checkpoint was due and failed because the disk was full. */
    private volatile boolean owed;
    private final Map<StoredLog, CompletableFuture<Long>> deleted = new ConcurrentHashMap<>();

    /** The last capture of a log, encoded for the file. */
    private record Captured(StoredLog log, ByteBuffer bytes) {

        static Captured of(LogCapture capture) {
            return new Captured(capture.log(), capture.encode());
        }
    }

    /** Forces the directory that contains the folders of the logs. */
    interface FolderForce {
        void force() throws IOException;
    }

    Checkpointer(CheckpointFile file, FolderForce forceFolders, Journal journal,
            CheckpointPace pace, Threads threads, DiskReserve reserve,
            StorageFailure failure) {
        this.reserve = reserve;
        this.failure = failure;
        this.file = file;
        this.forceFolders = forceFolders;
        this.journal = journal;
        this.pace = pace;
        this.threads = threads;
        this.thread = threads.worker("taffrail-checkpoint");
    }

    /** Sets the captures of the logs that recovery found. Called before any other method. */
    void found(Collection<StoredLog> logs) {
        logs.forEach(it -> captured.put(it.id(), Captured.of(LogCapture.of(it))));
    }

    void start() {
        thread.every(pace.interval(), this::ifDirty);
        thread.every(pace.pause(), this::retry);
    }

    /** Marks a log as changed. Called on its owner's thread. */
    void touched(LocalLog log) {
        dirty.put(log.id(), log);
    }

    /**
     * Requests a checkpoint if enough was appended since the last one, or in any case if
     * {@code now}. After a failed one it is made when its back-off has elapsed.
     */
    void consider(boolean now) {
        boolean due = now || pace.isDue(journal.writtenBytes() - lastBytes);
        if (due && pace.mayTry()) {
            ask();
        }
    }

    private void ask() {
        if (asked.compareAndSet(false, true)) {
            try {
                thread.execute(this::make);
            } catch (RejectedExecutionException e) {
                LOG.debug("no checkpoint while closing", e);
            }
        }
    }

    /**
     * Requests the checkpoint that failed on a full disk, because files were deleted. A start
     * then need not restore them.
     */
    void roomAgain() {
        if (owed) {
            ask();
        }
    }

    /** As {@link #roomAgain}, because an append found room; not before a pause has elapsed. */
    void roomFound() {
        if (owed) {
            pace.sooner();
            consider(true);
        }
    }

    private void ifDirty() {
        if (!dirty.isEmpty() && pace.mayTry()) {
            make();
        }
    }

    private void retry() {
        if (pace.isRetryDue()) {
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
            if (pace.made()) {
                LOG.info("CKP-006 checkpoints are made again");
            }
            reserve.restore();
        } catch (IOException e) {
            owed = DiskFull.causedBy(e);
            boolean news = pace.failed(e.toString());
            if (!news) {
                LOG.debug("no checkpoint still", e);
            } else if (owed) {
                LOG.warn("CKP-001 disk full: no checkpoint: {}", e.toString());
            } else {
                lost(e);
                failure.report(new LogFailedException(
                        "segments or the checkpoint could not be forced; restart to recover: " + e,
                        e));
            }
        } catch (RuntimeException e) {
            if (pace.failed(e.toString())) {
                lost(e);
            }
        }
    }

    private static void lost(Exception cause) {
        LOG.error("CKP-002 no checkpoint; the journal keeps what it would have freed", cause);
    }

    /** Number of checkpoints made since the start. Any thread. */
    long made() {
        return written.get();
    }

    /** The failure of checkpoints, if the last one failed. Any thread. */
    Optional<LogTrouble> trouble() {
        return pace.failure().map(it -> new LogTrouble(ALL, "checkpoint", it.since(), it.cause(),
                Optional.of(it.nextTry())));
    }

    /** Writes a checkpoint; if the disk is full, deletes the reserve and tries once more. */
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

    /** Makes a checkpoint on the calling thread, before the engine has started. */
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
            // The captures were not recorded: these logs must be captured again for the
            // next checkpoint.
            taken.forEach(it -> dirty.putIfAbsent(it.id(), it));
            throw e;
        }
        unforced.clear();
        lastBytes = bytes;
        written.incrementAndGet();
        settling.forEach(Checkpointer::settle);
        journal.release(group);
        return group;
    }

    /** Tells the log's owner that every record up to the durability change is on disk. */
    private static void settle(LocalLog log, int change) {
        try {
            log.owner().execute(() -> log.settled(change));
        } catch (RejectedExecutionException e) {
            LOG.debug("nobody is left to be told of {}", log.id(), e);
        }
    }

    /**
     * Returns the group that the checkpoint may record. The state of a quarantined log cannot
     * be captured, so the journal is retained from the last checkpoint on until the log is
     * reopened or deleted.
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
     * Rebuilds the state of a quarantined log; see {@link LogRebuild}.
     *
     * @param view
     *            the last view of the quarantined log
     */
    CompletableFuture<StoredLog> rebuild(LogView view, StoredLog doubtful, StoredLogs logs) {
        return CompletableFuture.supplyAsync(() -> {
            Captured last = captured.get(doubtful.id());
            try {
                StoredLog fresh = LogRebuild.of(view, doubtful,
                        last == null
                                ? null
                                : LogCapture.decode(last.bytes.duplicate(), logs, false),
                        logs);
                if (last != null) {
                    // The capture stays valid; it is removed when the rebuilt log is deleted.
                    captured.put(doubtful.id(), new Captured(fresh, last.bytes));
                }
                return fresh;
            } catch (IOException e) {
                throw new LogFailedException(doubtful.id() + " cannot be reopened: " + e, e);
            }
        }, thread);
    }

    /**
     * Adds the segments that recovery wrote: their captures are valid, but the files
     * are not forced yet.
     */
    void recovered(Collection<StoredLog> logs) {
        logs.forEach(it -> unforced.addAll(List.of(it.segments())));
    }

    /**
     * Forces segments written since the last checkpoint, on several threads, because the disk
     * merges concurrent forces.
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
     * Captures an owner's changed logs in one turn of that owner. The set of logs is chosen in the
     * same turn, so that a commit is captured in all of its logs or in none.
     */
    private CompletableFuture<List<LogCapture>> capture(Owner owner, Queue<LocalLog> taken) {
        try {
            return CompletableFuture.supplyAsync(() -> captureNow(owner, taken), owner);
        } catch (RejectedExecutionException e) {
            // The owner has stopped, so no thread changes its logs.
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

    /**
     * Captures one log. If that fails, only this log is quarantined, and the journal is
     * retained for it.
     */
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
     * Announces the deletion of a log, before the journal gets the entry; {@code group} completes
     * with the entry's group. A checkpoint of that group or a later one must not contain the log.
     * An earlier one must, because the journal may have appends to the log before the entry.
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
     * Makes the last checkpoint, on the checkpoint thread.
     *
     * @return the journal group up to which the checkpoint holds every record, or {@link #NOTHING}
     *         if the next start needs the journal; fails if no checkpoint could be made
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
        CompletableFuture<Void> forced = journal.barrier();
        if (isRefusedBefore(forced)) {
            // The journal waits for a checkpoint to free files, so this one must not wait for it.
            long group = writeWithReserve(false);
            LOG.debug("checkpoint of group {}", group);
            if (isRefusedBefore(forced)) {
                LOG.warn("CKP-007 disk full: the last checkpoint is made without the journal;"
                        + " the next start replays what the journal has");
                ended = true;
                return NOTHING;
            }
        }
        long group = writeWithReserve(true);
        ended = true;
        return group;
    }

    /**
     * Waits for the journal; true if it finds no room on the disk before {@code forced} is done.
     */
    private boolean isRefusedBefore(CompletableFuture<Void> forced) {
        CompletableFuture<Void> refused = journal.nextRefusal();
        threads.await(CompletableFuture.anyOf(forced, refused));
        return !forced.isDone();
    }

    /** Ends the thread; false if it is still busy when {@code patience} has elapsed. */
    boolean end(Duration patience) {
        return thread.end(patience);
    }

    /** Stops without a last checkpoint, as a crash would. */
    void abandon() {
        thread.abandon();
    }
}
