package io.taffrail.log.local;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.MalformedBatchException;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.local.Troubles.Work;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.CleanerReport;
import io.taffrail.log.spi.CleanerReport.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compaction in the background: each cleaner thread takes the next due log until none is left, then
 * looks again after the back-off interval. The remaining records of several segments are written
 * to a new segment, which is forced and then replaces them on the thread of the log's owner.
 * A crash at any point leaves either the old segments or the new ones, with the same newest record
 * of every key. A failure defers its log alone.
 */
final class Compactor implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private final InstantSource clock;
    private final Supplier<Collection<LocalLog>> logs;
    private final Troubles troubles;
    private final SegmentRewrite rewrite;
    private final Threads threads;
    private final CompletableFuture<Void> ending = new CompletableFuture<>();
    private final CleanerThrottle throttle;
    private final CleanerQueue queue;
    private final CleanerHistory history = new CleanerHistory();
    private final CleanerPool pool;
    private final Map<LogId, CompactionPass> running = new ConcurrentHashMap<>();

    Compactor(CleanerSettings settings, InstantSource clock, Threads threads,
            SegmentRewrite rewrite, Supplier<Collection<LocalLog>> logs) {
        this.rewrite = rewrite;
        this.threads = threads;
        this.clock = clock;
        this.logs = logs;
        this.pool = new CleanerPool(settings, threads, this::round);
        this.troubles = new Troubles(clock, () -> pool.settings().backoff());
        this.queue = new CleanerQueue(clock, troubles, logs);
        this.throttle = new CleanerThrottle(settings.bytesPerSecond(), clock, threads, ending);
    }

    /** Background work that fails, of compaction and of erasure. */
    Troubles troubles() {
        return troubles;
    }

    void start() {
        pool.start();
    }

    /** Changes the settings; rounds that have begun go on. */
    void configure(CleanerSettings settings) {
        throttle.rate(settings.bytesPerSecond());
        pool.configure(settings);
    }

    /** Runs a task on the first cleaner thread. */
    @Override
    public void execute(Runnable task) {
        pool.first().execute(task);
    }

    /** Runs {@code work} while no other thread works on the log; otherwise returns {@code busy}. */
    <T> T claimed(LogId log, Supplier<T> work, T busy) {
        if (!queue.claim(log)) {
            return busy;
        }
        try {
            return work.get();
        } finally {
            queue.release(log);
        }
    }

    boolean isEnding() {
        return ending.isDone();
    }

    /**
     * Compacts every log that is due, including those in back-off after a failure; returns
     * when all are done.
     */
    void cleanNow() {
        threads.await(pool.onAll(thread -> cleanDue(thread, true)));
    }

    private void round(CleanerThread thread) {
        Set<LogId> open = logs.get().stream().map(LocalLog::id).collect(Collectors.toSet());
        troubles.keep(open);
        queue.keep(open);
        history.keep(open);
        cleanDue(thread, false);
    }

    private void cleanDue(CleanerThread thread, boolean asked) {
        Set<LogId> passed = new HashSet<>();
        try {
            while (!isEnding() && pool.grant(thread)) {
                CleanerQueue.Due next = queue.next(passed, asked);
                if (next == null) {
                    return;
                }
                if (!cleanOne(thread, next)) {
                    passed.add(next.log().id());
                }
            }
        } finally {
            thread.release();
        }
    }

    /**
     * Compacts a claimed log and releases it. Returns false if that failed, or if the log did not
     * take the new segments.
     */
    private boolean cleanOne(CleanerThread thread, CleanerQueue.Due due) {
        LogId id = due.log().id();
        AtomicReference<Optional<Run>> run = new AtomicReference<>(Optional.empty());
        CompactionPass pass = new CompactionPass(due.log(), due.range(), clock, throttle,
                this::isEnding);
        running.put(id, pass);
        try {
            boolean done = Guard.run(() -> run.set(compact(thread, due, pass)),
                    failure -> failed(due.log(), pass, failure));
            if (done && troubles.done(id, Work.COMPACTION)) {
                LOG.info("CLN-009 {} can be compacted again", id);
            }
        } finally {
            history.moved(pass.bytesRead(), pass.bytesWritten());
            running.remove(id);
            queue.release(id);
        }
        return run.get().isPresent();
    }

    private Optional<Run> compact(CleanerThread thread, CleanerQueue.Due due,
            CompactionPass pass) {
        try {
            long offsets = due.range().end() - due.range().firstDirty();
            Optional<Run> run = pass.run(thread.map(offsets), rewrite);
            run.ifPresent(it -> tell(due.log().id(), it));
            return run;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(LogId log, Run run) {
        history.done(log, run);
        LOG.info("CLN-003 compacted {} up to offset {}{}: {} of {} records left, {} bytes read,"
                + " {} written", log, run.cleanedTo(),
                run.complete() ? "" : ", as far as log.cleaner.dedupe.buffer.size allows",
                run.recordsKept(), run.recordsRead(), run.bytesRead(), run.bytesWritten());
    }

    private void failed(LocalLog log, CompactionPass pass, Throwable failure) {
        Throwable cause = StorageFailure.cause(failure);
        if (cause instanceof RejectedExecutionException || cause instanceof CompactionPass.Ended
                || log.isDeleted() || (cause instanceof NoSuchFileException && pass.isTrimmed())) {
            LOG.debug("{} is not compacted any more: it was closed, trimmed or deleted", log.id(),
                    failure);
            return;
        }
        history.failed(log.id());
        boolean passes = !(cause instanceof MalformedBatchException
                || cause instanceof LogFailedException);
        if (!troubles.failed(log.id(), Work.COMPACTION, cause.toString(), passes)) {
            LOG.debug("{} cannot be compacted still", log.id(), failure);
        } else if (passes) {
            LOG.error("CLN-001 {} cannot be compacted; it is tried again, ever more rarely",
                    log.id(), failure);
        } else {
            LOG.error("CLN-002 {} cannot be compacted and is left alone until a restart",
                    log.id(), failure);
        }
    }

    CleanerReport report() {
        return new CleanerReport(pool.settings(),
                new CleanerView(queue, troubles, history, running).of(logs.get()),
                history.totals(throttle.waited()), pool.reservedBytes());
    }

    /**
     * Ends the threads; false if a compaction is still running when {@code patience} has elapsed.
     * A compaction ends after its present read or write, or force of a segment.
     */
    boolean close(Duration patience) {
        ending.complete(null);
        StopWatch watch = new StopWatch(clock, patience);
        return pool.close(watch::left);
    }
}
