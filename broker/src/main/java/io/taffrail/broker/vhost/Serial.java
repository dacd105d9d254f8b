package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerException;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.spi.Owner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The order of requests. Changes of the topology run one at a time; requests for one queue run in
 * the order in which they were made; a change that creates or deletes a queue is both. So a request
 * that takes long, such as the purge of a large queue, delays only requests for the same queue: a
 * change of the topology that has to wait for its queue lets later changes pass. A client that
 * relies on an order waits for the answers. A request that throws fails alone. Owner thread only.
 */
final class Serial {

    private static final class Request {

        private final @Nullable String queue;
        private final boolean isChange;
        private final Runnable begin;

        Request(@Nullable String queue, boolean isChange, Runnable begin) {
            this.queue = queue;
            this.isChange = isChange;
            this.begin = begin;
        }
    }

    private final Owner owner;
    /** Requests for each queue; the first has its turn, and may wait for the topology. */
    private final Map<String, Deque<Request>> byQueue = new HashMap<>();
    /** Requests that have their queue's turn and change nothing. */
    private final Deque<Request> ready = new ArrayDeque<>();
    /** Changes that have their queue's turn, if they need one. */
    private final Deque<Request> changes = new ArrayDeque<>();
    private boolean changing;
    private boolean draining;
    private Optional<Supplier<BrokerException>> closed = Optional.empty();

    Serial(Owner owner) {
        this.owner = owner;
    }

    /**
     * Runs a change of the topology that concerns no single queue.
     *
     * @param change
     *            may throw; its future may complete on any thread
     */
    <T> CompletableFuture<T> change(Supplier<CompletableFuture<T>> change) {
        return add(null, true, change);
    }

    /** Runs a change of the topology that creates or deletes this queue, as {@link #change}. */
    <T> CompletableFuture<T> change(String queue, Supplier<CompletableFuture<T>> change) {
        return add(queue, true, change);
    }

    /** Runs a request for this queue that leaves the topology as it is, as {@link #change}. */
    <T> CompletableFuture<T> request(String queue, Supplier<CompletableFuture<T>> request) {
        return add(queue, false, request);
    }

    private <T> CompletableFuture<T> add(@Nullable String queue, boolean isChange,
            Supplier<CompletableFuture<T>> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Request[] made = new Request[1];
        made[0] = new Request(queue, isChange, () -> begin(made[0], body, result));
        if (queue == null) {
            hasItsTurn(made[0]);
        } else {
            Deque<Request> line = byQueue.computeIfAbsent(queue, _ -> new ArrayDeque<>(2));
            line.add(made[0]);
            if (line.size() == 1) {
                hasItsTurn(made[0]);
            }
        }
        drain();
        return result;
    }

    private void hasItsTurn(Request request) {
        (request.isChange ? changes : ready).add(request);
    }

    /** Begins what can begin; a loop, because thousands may complete as they begin. */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (!ready.isEmpty() || (!changing && !changes.isEmpty())) {
                Request next = ready.isEmpty() ? changes.remove() : ready.remove();
                changing |= next.isChange;
                next.begin.run();
            }
        } finally {
            draining = false;
        }
    }

    private <T> void begin(Request request, Supplier<CompletableFuture<T>> body,
            CompletableFuture<T> result) {
        CompletableFuture<T> made;
        try {
            made = closed.map(refusal -> CompletableFuture.<T>failedFuture(refusal.get()))
                    .orElseGet(body);
        } catch (Throwable cause) {
            FailStop.check(cause);
            made = CompletableFuture.failedFuture(cause);
        }
        var _ = made.whenComplete((value, failure) -> onOwner(() -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(cause(failure));
            }
            ended(request);
            drain();
        }));
    }

    private void ended(Request request) {
        changing &= !request.isChange;
        String queue = request.queue;
        Deque<Request> line = queue == null ? null : byQueue.get(queue);
        if (line != null) {
            line.remove();
            if (line.isEmpty()) {
                byQueue.remove(queue);
            } else {
                hasItsTurn(line.element());
            }
        }
    }

    /** Refuses requests that have not begun, and all later ones. */
    void close(Supplier<BrokerException> refusal) {
        closed = Optional.of(refusal);
    }

    private void onOwner(Runnable task) {
        if (owner.isCurrent()) {
            task.run();
        } else {
            owner.execute(task);
        }
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null
                ? cause
                : failure;
    }
}
