package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerException;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.spi.Owner;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A serial executor for changes of the topology, in the order of the requests: each begins when the
 * one before is durable. Without a change under way, one begins at once. A change that throws fails
 * alone. Owner thread only.
 */
final class Serial {

    private final Owner owner;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean draining;
    private Optional<Supplier<BrokerException>> closed = Optional.empty();

    Serial(Owner owner) {
        this.owner = owner;
    }

    /**
     * Runs a change when its turn comes.
     *
     * @param change
     *            may throw; its future may complete on any thread
     */
    <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> change) {
        CompletableFuture<T> result = new CompletableFuture<>();
        waiting.add(() -> start(change, result));
        drain();
        return result;
    }

    /**
     * Starts changes until one is under way; a loop, because thousands may complete as they begin.
     */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (!busy && !waiting.isEmpty()) {
                busy = true;
                waiting.remove().run();
            }
        } finally {
            draining = false;
        }
    }

    private <T> void start(Supplier<CompletableFuture<T>> change, CompletableFuture<T> result) {
        CompletableFuture<T> made;
        try {
            made = closed.map(refusal -> CompletableFuture.<T>failedFuture(refusal.get()))
                    .orElseGet(change);
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
            busy = false;
            drain();
        }));
    }

    /** Refuses changes that have not begun, and all later ones. */
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
