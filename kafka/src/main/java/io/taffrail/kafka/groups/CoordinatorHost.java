package io.taffrail.kafka.groups;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.TopicOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holder of the group coordinator, which is started by the first request that needs it. A broker
 * without groups has no offsets topic and loads none of the coordinator's classes and threads. Safe
 * for any thread.
 */
final class CoordinatorHost implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorHost.class);

    private final Broker broker;
    private final OffsetsTopic topic;
    private final GroupConfigs configs;
    private final GroupThreads threads;
    private final GroupSpace space;
    private final Object lock = new Object();
    private volatile @Nullable CompletableFuture<RunningCoordinator> running;
    private boolean closed;

    CoordinatorHost(Broker broker, OffsetsTopic topic, GroupConfigs configs,
            GroupThreads threads, GroupSpace space) {
        this.space = space;
        this.broker = broker;
        this.topic = topic;
        this.configs = configs;
        this.threads = threads;
    }

    /** Whether the offsets topic exists, so that there may be groups. */
    boolean hasGroups() {
        return topic.find().isPresent();
    }

    /** Starts the coordinator in the background if there may be groups to load. */
    void startIfNeeded() {
        if (hasGroups()) {
            var _ = running();
        }
    }

    /**
     * The coordinator; the first call starts it. Fails with a Kafka {@code ApiException} if it
     * cannot be started; the next call tries again.
     */
    CompletableFuture<RunningCoordinator> running() {
        CompletableFuture<RunningCoordinator> now = running;
        if (now != null && !now.isCompletedExceptionally()) {
            return now;
        }
        synchronized (lock) {
            now = running;
            if (closed) {
                return CompletableFuture.failedFuture(
                        new CoordinatorNotAvailableException("the broker is stopping"));
            }
            if (now == null || now.isCompletedExceptionally()) {
                now = topic.findOrCreate().thenApplyAsync(this::start, threads::start)
                        .whenComplete(CoordinatorHost::logFailure);
                running = now;
            }
            return now;
        }
    }

    private static void logFailure(@Nullable RunningCoordinator started,
            @Nullable Throwable failure) {
        if (failure == null) {
            return;
        }
        if (Errors.maybeUnwrapException(failure) instanceof ApiException known) {
            LOG.warn("groups cannot be served; the next request tries again: {}",
                    known.getMessage());
        } else {
            LOG.error("groups cannot be served; the next request tries again", failure);
        }
    }

    private RunningCoordinator start(TopicOutcome outcome) {
        return switch (outcome) {
            case TopicOutcome.Done(var created) ->
                unlessEnding(() -> new RunningCoordinator(broker, topic, created, configs, threads,
                        space::unknown, this::topicDeleted));
            case TopicOutcome.Refused(var error, var detail) ->
                throw new CoordinatorNotAvailableException(error.text() + " " + detail);
        };
    }

    /**
     * Fails with a Kafka {@code ApiException} in a process that is ending: Kafka's metrics add a
     * shutdown hook, which such a process refuses.
     */
    static <T> T unlessEnding(Supplier<T> start) {
        try {
            return start.get();
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof IllegalStateException) {
                throw new CoordinatorNotAvailableException("the broker is stopping", e);
            }
            throw e;
        }
    }

    /**
     * Closes the coordinator after its topic, and with it all groups, was deleted. The next request
     * creates the topic again.
     */
    private void topicDeleted() {
        CompletableFuture<RunningCoordinator> gone;
        synchronized (lock) {
            gone = running;
            running = null;
        }
        if (gone != null) {
            var _ = gone.thenAccept(RunningCoordinator::close);
        }
    }

    /** The coordinator, if it is already running. */
    Optional<RunningCoordinator> ifRunning() {
        CompletableFuture<RunningCoordinator> now = running;
        return now == null || !now.isDone() || now.isCompletedExceptionally()
                ? Optional.empty()
                : Optional.of(now.join());
    }

    /**
     * Asks the coordinator. A failure becomes a response, so the stage never fails.
     *
     * @param failed
     *            creates the response for an error
     */
    <R> CompletionStage<R> ask(Function<GroupCoordinator, CompletableFuture<R>> question,
            Function<Errors, R> failed) {
        return running().thenCompose(coordinator -> question.apply(coordinator.coordinator()))
                .exceptionally(failure -> failed.apply(error(failure)));
    }

    /**
     * Does the same as {@link #ask} for a request that adds state to the coordinator. If the memory
     * limit is reached, the request is refused with COORDINATOR_NOT_AVAILABLE, which clients retry.
     *
     * @param bytes
     *            estimate of the memory that the request may add
     * @param held
     *            computes the memory of the state that the request would replace
     */
    <R> CompletionStage<R> askForRoom(String groupId, long bytes,
            Function<CoordinatorState.Shard, Long> held,
            Function<GroupCoordinator, CompletableFuture<R>> question,
            Function<Errors, R> failed) {
        return running().thenCompose(coordinator -> space
                .admit(bytes, coordinator.state()::bytes,
                        () -> coordinator.state().ask(groupId, held))
                .thenCompose(admitted -> admitted
                        ? question.apply(coordinator.coordinator())
                        : CompletableFuture.completedFuture(
                                failed.apply(Errors.COORDINATOR_NOT_AVAILABLE))))
                .exceptionally(failure -> failed.apply(error(failure)));
    }

    GroupSpace space() {
        return space;
    }

    static Errors error(Throwable failure) {
        Errors error = Errors.forException(Errors.maybeUnwrapException(failure));
        if (error == Errors.UNKNOWN_SERVER_ERROR) {
            LOG.error("a request of groups failed", failure);
        }
        return error;
    }

    /** Stops the coordinator. Must not be called on an owner's thread. */
    @Override
    public void close() {
        CompletableFuture<RunningCoordinator> now;
        synchronized (lock) {
            closed = true;
            now = running;
        }
        if (now != null) {
            threads.await(now.handle((coordinator, _) -> Optional.ofNullable(coordinator)))
                    .ifPresent(RunningCoordinator::close);
        }
    }
}
