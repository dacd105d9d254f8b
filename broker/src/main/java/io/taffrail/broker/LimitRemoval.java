package io.taffrail.broker;

import io.taffrail.broker.limit.LimitKind.Subject;
import io.taffrail.broker.limit.ObjectLimits;
import io.taffrail.broker.user.UserListener;
import java.util.concurrent.CompletableFuture;

/** Removes the limits of a user that is deleted. */
record LimitRemoval(ObjectLimits limits) implements UserListener {

    @Override
    public CompletableFuture<Void> deleted(String user) {
        return limits.clear(Subject.USER, user);
    }

    @Override
    public CompletableFuture<Void> permissionsChanged(String user) {
        return CompletableFuture.completedFuture(null);
    }
}
