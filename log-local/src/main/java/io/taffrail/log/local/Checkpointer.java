package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.journal.DiskFull;
import io.taffrail.log.local.journal.Journal;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.local.thread.Worker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes checkpoints, on a thread of its own: captures every changed log on its owner's thread,
 * forces its segments, waits until the
 * journal has forced what was captured, replaces the checkpoint file, and frees the journal before
 * it.
 *
 * <p>
 * The order is what makes it safe: a capture may hold appends whose group is not yet forced, so the
 * file is only
 * replaced after that; and groups after the recorded one are replayed over captures that may hold
 * them already.
 */
final class Checkpointer {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final CheckpointFile file;
    private final FolderForce forceFolders;
    private final Journal journal;
    private final LocalLogConfig config;
    private final Threads threads;
    private final Worker thread;
    private final Map<LogId, LocalLog> dirty = new ConcurrentHashMap<>();
    private final Map<LogId, ByteBuffer> captured = new HashMap<>();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final List<Segment> unforced = new ArrayList<>();
    private volatile long lastBytes;
    private final Set<LogId> deleted = ConcurrentHashMap.newKeySet();

    /** Forces the names of the logs' folders. */
    interface FolderForce {
        void force() throws IOException;
    }

    Checkpointer(CheckpointFile file, FolderForce forceFolders, Journal journal,
            LocalLogConfig config, Threads threads, Collection<StoredLog> logs) {
        this.file = file;
        this.forceFolders = forceFolders;
        this.journal = journal;
        this.config = config;
        this.threads = threads;
        this.thread = threads.worker("taffrail-checkpoint");
        logs.forEach(it -> captured.put(it.id(), LogCapture.of(it).encode()));
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

    private void ifDirty() {
        if (!dirty.isEmpty()) {
            make();
        }
    }

    private void make() {
        asked.set(false);
        try {
            write(false);
        } catch (IOException e) {
            if (DiskFull.causedBy(e)) {
                LOG.warn("CKP-001 disk full: no checkpoint: {}", e.toString());
            } else {
                LOG.error("CKP-002 no checkpoint; the journal keeps what it would have freed", e);
            }
        } catch (LogFailedException | CompletionException e) {
            LOG.error("CKP-002 no checkpoint; the journal keeps what it would have freed", e);
        }
    }

    private void write(boolean clean) throws IOException {
        long group = journal.fillingGroup() - 1;
        long bytes = journal.writtenBytes();
        List<LocalLog> logs = List.copyOf(dirty.values());
        logs.forEach(it -> dirty.remove(it.id(), it));
        try {
            List<LogCapture> captures = capture(logs);
            forceAll(captures);
            threads.await(journal.barrier());
            record(captures);
            file.write(clean ? journal.durableGroup() : group, clean, captured.values());
        } catch (IOException | RuntimeException e) {
            // What was captured is not recorded: it must be captured again next time.
            logs.forEach(it -> dirty.putIfAbsent(it.id(), it));
            throw e;
        }
        unforced.clear();
        lastBytes = bytes;
        journal.release(group);
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
        threads.together(segments.stream().map(it -> (Threads.DiskTask) it::force).toList());
        if (!segments.isEmpty()) {
            forceFolders.force();
        }
    }

    private List<LogCapture> capture(List<LocalLog> logs) {
        List<CompletableFuture<Optional<LogCapture>>> running = logs.stream()
                .map(Checkpointer::capture).toList();
        return running.stream().flatMap(it -> threads.await(it).stream()).toList();
    }

    private void record(List<LogCapture> captures) {
        for (LogId id : List.copyOf(deleted)) {
            deleted.remove(id);
            captured.remove(id);
        }
        captures.forEach(it -> captured.put(it.id(), it.encode()));
    }

    private static CompletableFuture<Optional<LogCapture>> capture(LocalLog log) {
        try {
            return CompletableFuture.supplyAsync(log::capture, log.owner());
        } catch (RejectedExecutionException e) {
            // The owner has stopped, so nobody else changes the log.
            return CompletableFuture.completedFuture(log.capture());
        }
    }

    /** The log is gone: what was captured of it is dropped. */
    void deleted(LogId id) {
        deleted.add(id);
    }

    /** Makes the last checkpoint, after which nothing is appended. */
    void close() throws IOException {
        while (!thread.end(PATIENCE)) {
            LOG.warn("CKP-003 waiting for a checkpoint to end");
        }
        write(true);
    }

    /** Stops without a last checkpoint, as a crash would. */
    void abandon() {
        thread.abandon();
    }
}
