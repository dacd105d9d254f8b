package io.taffrail.broker.vhost;

import io.taffrail.log.spi.Owner;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Changes of topology one after another, in the order they were asked for: each begins when the
 * one before is durable. Where nothing is under way a change begins at once. Owner thread only.
 */
final class Serial {

    private final Owner owner;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    Serial(Owner owner) {
        this.owner = owner;
    }

    /**
     * Runs a change.
     *
     * @param change
     *            may throw; its future may complete on any thread
     */
    <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> change) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable task = () -> start(change, result);
        if (busy) {
            waiting.add(task);
        } else {
            busy = true;
            task.run();
        }
        return result;
    }

    private <T> void start(Supplier<CompletableFuture<T>> change, CompletableFuture<T> result) {
        CompletableFuture<T> made;
        try {
            made = change.get();
        } catch (RuntimeException e) {
            made = CompletableFuture.failedFuture(e);
        }
        var _ = made.whenComplete((value, failure) -> onOwner(() -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(cause(failure));
            }
            next();
        }));
    }

    private void next() {
        Runnable task = waiting.poll();
        if (task == null) {
            busy = false;
        } else {
            task.run();
        }
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
