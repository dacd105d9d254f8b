package io.taffrail.kafka.groups;

import io.taffrail.broker.topic.Partition;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.jspecify.annotations.Nullable;

/**
 * Loader that rebuilds shards from their logs, one after another, on a thread that exists only
 * while shards are loaded. An empty log costs one task on its owner's thread.
 */
final class OffsetsLogLoader implements CoordinatorLoader<CoordinatorRecord> {

    private final OffsetsTopic topic;
    private final ShardStates states;
    private final InstantSource clock;
    private final ExecutorService thread;
    private volatile boolean closed;

    OffsetsLogLoader(OffsetsTopic topic, ShardStates states, InstantSource clock,
            GroupThreads threads) {
        this.topic = topic;
        this.states = states;
        this.clock = clock;
        this.thread = threads.newLoader();
    }

    /** Loads a shard. For an empty log the summary is null, which Kafka does not log. */
    @Override
    public CompletableFuture<LoadSummary> load(TopicPartition shard,
            CoordinatorPlayback<CoordinatorRecord> playback) {
        states.loading(shard.partition());
        CompletableFuture<LoadSummary> result = new CompletableFuture<>();
        try {
            Partition partition = topic.partition(shard);
            long askedMs = clock.millis();
            partition.owner().execute(() -> whenDurable(partition.log(), end -> {
                if (end == 0) {
                    finishEmpty(partition.log(), result);
                } else {
                    thread.execute(() -> replay(partition.log(), playback, end, askedMs, result));
                }
            }));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
        return result.whenComplete((_, failure) -> {
            if (failure != null) {
                states.settled(shard.partition());
            }
        });
    }

    /**
     * Completes the load of a log that has no records. The read fails if the log could not be
     * opened.
     */
    @SuppressWarnings("NullAway") // Kafka's interface is not annotated; see load
    private static void finishEmpty(WritableLog log, CompletableFuture<LoadSummary> result) {
        switch (log.read(0, 0, 1, false)) {
            case ReadResult.Damaged(long _, long _, String detail) ->
                result.completeExceptionally(new LogFailedException(detail));
            case ReadResult.Unreadable(String detail) ->
                result.completeExceptionally(new LogFailedException(detail));
            case ReadResult.OutOfRange _ -> result.complete(null);
            case ReadResult.Batches(LogSlice slice) -> {
                slice.close();
                result.complete(null);
            }
        }
    }

    /** Calls {@code next} on the owner's thread when all records appended so far are durable. */
    private static void whenDurable(WritableLog log, LongConsumer next) {
        long end = log.nextOffset();
        if (log.durableEnd() >= end) {
            next.accept(end);
            return;
        }
        DurableWait wait = new DurableWait();
        wait.registration = log.onDurableEnd(durableEnd -> {
            if (durableEnd >= end) {
                wait.finish(() -> next.accept(end));
            }
        });
    }

    /** Registration of a callback that is called once. On the owner's thread only. */
    private static final class DurableWait {
        private @Nullable Registration registration;

        private void finish(Runnable next) {
            if (registration != null) {
                registration.close();
                registration = null;
                next.run();
            }
        }
    }

    private void replay(WritableLog log, CoordinatorPlayback<CoordinatorRecord> playback,
            long end, long askedMs, CompletableFuture<LoadSummary> result) {
        long startedMs = clock.millis();
        try {
            OffsetsLogReplay replay = new OffsetsLogReplay(log, playback, end,
                    topic.settings().offsetsLoadBufferBytes());
            replay.run(() -> closed);
            result.complete(new LoadSummary(askedMs, clock.millis(), startedMs - askedMs,
                    replay.recordCount(), replay.sizeBytes()));
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.shutdown();
    }
}
