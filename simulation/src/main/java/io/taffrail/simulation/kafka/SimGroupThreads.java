package io.taffrail.simulation.kafka;

import io.taffrail.kafka.groups.GroupThreads;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.SimOwner;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntimeMetrics;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.GroupCoordinatorShard;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.server.share.persister.Persister;
import org.apache.kafka.server.util.PartitionMetadataClient;
import org.apache.kafka.server.util.timer.Timer;
import org.apache.kafka.server.util.timer.TimerTask;
import org.apache.kafka.server.util.timer.TimerTaskEntry;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's group coordinator on simulated threads. Its builder always creates its own threads, so
 * this class extracts the components given to the builder and assembles them as the builder would.
 */
final class SimGroupThreads implements GroupThreads {

    private final Scheduler scheduler;
    private final SimClock clock;
    private final SimOwner start;
    private final SimOwner background;
    private final SimOwner timers;
    private final BooleanSupplier durable;
    private @Nullable SimEvents events;
    private boolean publishing;

    /**
     * @param durable
     *            true if all appends are durable and their listeners have been called
     */
    SimGroupThreads(Scheduler scheduler, SimClock clock, BooleanSupplier durable) {
        this.durable = durable;
        this.scheduler = scheduler;
        this.clock = clock;
        this.start = new SimOwner(scheduler, "group-start");
        this.background = new SimOwner(scheduler, "group-background");
        this.timers = new SimOwner(scheduler, "group-timer");
    }

    @Override
    public void start(Runnable task) {
        start.execute(task);
    }

    @Override
    public void publish(Runnable task) {
        start.execute(() -> {
            SimEvents now = events;
            if (scheduler.isNested() || (now != null && !now.isIdle())) {
                // The thread waiting below on the stack could be the one that this waits for.
                scheduler.after(1, () -> publish(task));
                return;
            }
            publishing = true;
            try {
                task.run();
            } finally {
                publishing = false;
            }
        });
    }

    /**
     * Runs steps until the shards follow the metadata. Kafka blocks the publishing thread until the
     * offsets of deleted topics are gone; here that work runs before the thread blocks.
     */
    private void enqueued() {
        SimEvents now = events;
        if (publishing && now != null && start.isCurrent()) {
            scheduler.until("shards to follow the metadata",
                    () -> now.isIdle() && durable.getAsBoolean());
        }
    }

    @Override
    public ExecutorService newLoader() {
        return new ActorService(background);
    }

    @Override
    public GroupTimers newTimer() {
        return new SimTimers();
    }

    @Override
    public <T> T await(CompletableFuture<T> future, long timeoutMs)
            throws TimeoutException, InterruptedException, ExecutionException {
        boolean[] over = {false};
        scheduler.after(timeoutMs, () -> over[0] = true);
        scheduler.until("a future", () -> future.isDone() || over[0]);
        if (!future.isDone()) {
            throw new TimeoutException("after " + timeoutMs + " ms");
        }
        return future.get();
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        scheduler.until("a future", future::isDone);
        return future.join();
    }

    @Override
    public GroupCoordinatorService build(GroupCoordinatorService.Builder parts) {
        GroupCoordinatorConfig config = part(parts, "config", GroupCoordinatorConfig.class);
        GroupConfigManager configs = part(parts, "groupConfigManager", GroupConfigManager.class);
        GroupCoordinatorMetrics metrics = part(parts, "groupCoordinatorMetrics",
                GroupCoordinatorMetrics.class);
        Time time = part(parts, "time", Time.class);
        Timer timer = part(parts, "timer", Timer.class);
        SimEvents shards = new SimEvents(new SimOwner(scheduler, "group-coordinator"),
                this::enqueued);
        events = shards;
        LogContext context = new LogContext("[simulated] ");
        CoordinatorRuntime<GroupCoordinatorShard, CoordinatorRecord> runtime = new CoordinatorRuntime.Builder<GroupCoordinatorShard, CoordinatorRecord>()
                .withTime(time).withTimer(timer).withLogPrefix("[simulated] ")
                .withLogContext(context)
                .withEventProcessor(shards)
                .withPartitionWriter(part(parts, "writer", PartitionWriter.class))
                .withLoader(loader(parts))
                .withCoordinatorShardBuilderSupplier(
                        () -> new GroupCoordinatorShard.Builder(config, configs)
                                .withAuthorizerPlugin(Optional.empty()))
                .withWriteTimeout(Duration.ofMillis(config.offsetCommitTimeoutMs()))
                .withCoordinatorRuntimeMetrics(part(parts, "coordinatorRuntimeMetrics",
                        CoordinatorRuntimeMetrics.class))
                .withCoordinatorMetrics(metrics)
                .withSerializer(new GroupCoordinatorRecordSerde())
                .withCompression(Compression.NONE)
                .withAppendLingerMs(OptionalInt.empty())
                .withExecutorService(new ActorService(background))
                .withCachedBufferMaxBytesSupplier(config::cachedBufferMaxBytes)
                .build();
        try {
            Constructor<?> constructor = GroupCoordinatorService.class
                    .getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            return (GroupCoordinatorService) constructor.newInstance(context, config, runtime,
                    metrics, configs, part(parts, "persister", Persister.class), timer,
                    part(parts, "partitionMetadataClient", PartitionMetadataClient.class),
                    Optional.empty(), time);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("another version of Kafka's coordinator", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static CoordinatorLoader<CoordinatorRecord> loader(
            GroupCoordinatorService.Builder parts) {
        return (CoordinatorLoader<CoordinatorRecord>) part(parts, "loader",
                CoordinatorLoader.class);
    }

    private static <T> T part(GroupCoordinatorService.Builder parts, String name, Class<T> type) {
        try {
            Field field = GroupCoordinatorService.Builder.class.getDeclaredField(name);
            field.setAccessible(true);
            return type.cast(field.get(parts));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("another version of Kafka's coordinator", e);
        }
    }

    /** Kafka's timers on the simulated clock. */
    private final class SimTimers implements GroupTimers {

        private boolean closed;

        @Override
        public void add(TimerTask task) {
            TimerTaskEntry entry = new TimerTaskEntry(task, clock.millis() + task.delayMs);
            scheduler.after(task.delayMs, () -> {
                if (!closed && !entry.cancelled()) {
                    timers.execute(task);
                }
            });
        }

        @Override
        public boolean advanceClock(long timeoutMs) {
            throw new UnsupportedOperationException("the scheduler does");
        }

        @Override
        public int size() {
            return 0;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
