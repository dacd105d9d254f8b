package io.taffrail.broker.vhost;

import io.taffrail.broker.HeldLease;
import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.queue.QueueLogs;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.WritableLog;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component that opens and deletes the logs of queues, {@code @queue-<id>} and
 * {@code @cursor-<id>}, and those of marks, {@code @marks-<id>}.
 */
final class QueueOpener {

    static final String QUEUE = "@queue-";
    static final String CURSOR = "@cursor-";

    static final String MARKS = "@marks-";
    static final String JOBS = "@jobs-";
    private static final Logger LOG = LoggerFactory.getLogger(QueueOpener.class);
    private static final long QUEUE_SEGMENT_MIB = 16;
    private static final long CURSOR_SEGMENT_MIB = 4;

    private final LogEngine engine;
    private final HeldLease lease;
    private final QueueContext context;

    QueueOpener(LogEngine engine, Lease lease, QueueContext context) {
        this.engine = engine;
        this.lease = new HeldLease(engine.metaStore(), lease);
        this.context = context;
    }

    /**
     * Opens a queue's logs, or creates missing ones; completes on the owner's thread.
     *
     * @param counted
     *            whether messages in flight at a crash count as delivered once more
     */
    CompletableFuture<QueueLogs> open(String id, Durability durability, boolean counted) {
        CompletableFuture<WritableLog> messages = engine.openForWrite(new LogId(QUEUE + id),
                lease.now(),
                options(durability, QUEUE_SEGMENT_MIB), context.owner());
        if (durability == Durability.MEMORY) {
            return messages.thenApplyAsync(log -> new QueueLogs(log,
                    CursorLog.ofTransient(context.turn(), context.clock())), context.owner());
        }
        CompletableFuture<WritableLog> cursor = engine.openForWrite(new LogId(CURSOR + id),
                lease.now(),
                options(durability, CURSOR_SEGMENT_MIB), context.owner());
        return messages.thenCompose(_ -> cursor)
                .thenComposeAsync(log -> CursorLog.opening(log, context.turn(), context.clock(),
                        context.steps(), counted), context.owner())
                .thenCombineAsync(messages, (opened, log) -> new QueueLogs(log, opened),
                        context.owner());
    }

    /** The reason why the engine has quarantined a log of the queue, if it has. */
    Optional<String> quarantined(String id) {
        Map<LogId, String> logs = engine.quarantined();
        return Optional.ofNullable(logs.getOrDefault(new LogId(QUEUE + id),
                logs.get(new LogId(CURSOR + id))));
    }

    /** Whether the engine has quarantined this log. */
    boolean isQuarantined(LogId log) {
        return engine.quarantined().containsKey(log);
    }

    /**
     * Raises the epoch under which logs are opened, so that reopening a log fences its old handle.
     */
    CompletableFuture<Void> renewed() {
        return lease.renewed().thenApply(_ -> null);
    }

    /** Opens a stream's log, or creates it. */
    CompletableFuture<WritableLog> openStream(String id, LogOptions options) {
        return engine.openForWrite(new LogId(QUEUE + id), lease.now(), options, context.owner());
    }

    /** Opens a log of marks, or creates it. */
    CompletableFuture<WritableLog> openMarks(LogId id) {
        return engine.openForWrite(id, lease.now(), options(Durability.FSYNC, CURSOR_SEGMENT_MIB),
                context.owner());
    }

    boolean has(LogId log) {
        return engine.logs().contains(log);
    }

    /** Opens the log of a host's jobs, or creates it; it is compacted by job. */
    CompletableFuture<WritableLog> openJobs(LogId id) {
        LogOptions usual = options(Durability.FSYNC, QUEUE_SEGMENT_MIB);
        return engine.openForWrite(id, lease.now(), usual.withCompaction(
                new CompactionOptions(true, 0.5, Duration.ZERO, Duration.ofMillis(Long.MAX_VALUE),
                        Duration.ofDays(1))),
                context.owner());
    }

    private static LogOptions options(Durability durability, long segmentMib) {
        return new LogOptions(durability, ByteSize.mebibytes(segmentMib),
                Duration.ofDays(3650), 4096, OptionalLong.empty(), OptionalLong.empty(), false,
                CompactionOptions.off(), Duration.ofDays(1));
    }

    /**
     * Deletes a queue's logs, in the background; a log that cannot be deleted is deleted at the
     * next start.
     */
    void delete(String id) {
        var _ = delete(new LogId(QUEUE + id));
        var _ = delete(new LogId(CURSOR + id));
    }

    /** Deletes a log; completes when it is done, without an error also if that failed. */
    CompletableFuture<Void> delete(LogId log) {
        return delete(engine, log);
    }

    static CompletableFuture<Void> delete(LogEngine engine, LogId log) {
        if (!engine.logs().contains(log)) {
            return CompletableFuture.completedFuture(null);
        }
        return engine.delete(log).handle((_, failure) -> {
            if (failure != null) {
                LOG.error("the log {} of a deleted queue stays until the next start", log,
                        failure);
            }
            return null;
        });
    }
}
