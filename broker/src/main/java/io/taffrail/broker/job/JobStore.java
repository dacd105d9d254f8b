package io.taffrail.broker.job;

import io.taffrail.broker.job.JobException.Reason;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.log.spi.WritableLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The opening and reading of a host's log of jobs:
 *
 * <pre>
 * EMPTY ──first job, or a start with a log──► OPENING ──read──► OPEN ──the log failed──► OUT
 *                                               └──cannot be read──► OUT ──reopened──► OPENING
 * </pre>
 *
 * Owner thread only.
 */
final class JobStore {

    /** Most finished jobs that a list reads. */
    private static final int MOST_READS = 1000;

    private enum Phase {
        EMPTY, OPENING, OPEN, OUT
    }

    private final JobHost host;
    private final QueueContext context;
    private final JobTable table;
    private final JobLog.Listener listener;
    private Phase phase = Phase.EMPTY;
    private @Nullable JobLog log;
    private CompletableFuture<Void> opening = CompletableFuture.completedFuture(null);

    JobStore(JobHost host, JobTable table, JobLog.Listener listener) {
        this.host = host;
        this.context = host.context();
        this.table = table;
        this.listener = listener;
    }

    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Whether the host has never had a job. */
    boolean isEmpty() {
        return phase == Phase.EMPTY;
    }

    /**
     * Throws unless jobs can be read and stored.
     *
     * @throws JobException
     *             if they cannot
     */
    void check() {
        if (phase != Phase.OPEN) {
            throw outOfService();
        }
    }

    /** As {@link #check}, but a host without jobs will do. */
    void checkNotOut() {
        if (phase != Phase.EMPTY) {
            check();
        }
    }

    JobException outOfService() {
        return JobException.of(Reason.OUT_OF_SERVICE, phase == Phase.OUT
                ? "the log of jobs failed"
                : "the jobs are being read");
    }

    JobLog log() {
        JobLog open = log;
        if (open == null) {
            throw outOfService();
        }
        return open;
    }

    /** Opens the log for the first job; completes with true for the call that did. */
    CompletableFuture<Boolean> first() {
        return switch (phase) {
            case EMPTY -> open().thenApply(_ -> true);
            case OPENING -> opening.thenApply(_ -> false);
            case OPEN -> CompletableFuture.completedFuture(false);
            case OUT -> CompletableFuture.failedFuture(outOfService());
        };
    }

    /** Opens the log and reads it in steps; completes on the owner's thread. */
    CompletableFuture<Void> open() {
        phase = Phase.OPENING;
        table.clear();
        opening = host.openLog(log != null).thenComposeAsync(this::read, context.owner())
                .whenComplete((_, failure) -> {
                    phase = failure == null ? Phase.OPEN : Phase.OUT;
                });
        return opening;
    }

    private CompletableFuture<Void> read(WritableLog opened) {
        log = new JobLog(opened, context.turn(), context.clock(), listener);
        return context.steps().work(JobLog.replay(opened, table::replay)).thenRun(() -> {
            table.replayed();
            host.show(opened);
        });
    }

    /** The log failed: nothing is read or stored until it is opened again. */
    void out() {
        if (phase != Phase.OUT) {
            phase = Phase.OUT;
            host.hide();
        }
    }

    CompletableFuture<Void> reopen() {
        if (phase == Phase.OPENING) {
            return opening;
        }
        close();
        return open();
    }

    /** Adds finished jobs that match, the last ones first. */
    void finished(Predicate<JobStatus> wanted, int most, List<JobStatus> found) {
        List<JobTable.Finished> all = new ArrayList<>(table.finished().values());
        int left = most;
        int reads = MOST_READS;
        for (int index = all.size() - 1; index >= 0 && left > 0 && reads-- > 0; index--) {
            JobStatus status = log().read(all.get(index).offset()).status();
            if (wanted.test(status)) {
                found.add(status);
                left--;
            }
        }
    }

    void close() {
        JobLog open = log;
        if (open != null) {
            open.close();
        }
    }
}
