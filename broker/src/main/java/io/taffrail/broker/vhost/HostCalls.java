package io.taffrail.broker.vhost;

import io.taffrail.log.guard.FailStop;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Calls of operators to a virtual host from threads that do not own it. */
public final class HostCalls {

    private HostCalls() {}

    /**
     * Runs {@code body} on the host's owner, and completes as its result does. Any thread.
     */
    public static <T> CompletableFuture<T> in(VirtualHost host,
            Function<VirtualHost, CompletableFuture<T>> body) {
        CompletableFuture<T> done = new CompletableFuture<>();
        host.owner().execute(() -> {
            try {
                var _ = body.apply(host).whenComplete((value, failure) -> {
                    if (failure == null) {
                        done.complete(value);
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
            } catch (Throwable e) {
                FailStop.check(e);
                done.completeExceptionally(e);
            }
        });
        return done;
    }
}
