package io.taffrail.broker.user;

import java.util.concurrent.CompletableFuture;

/**
 * Told when a user is deleted or its permissions change, so that open connections can be held to
 * the change. Called on any thread, after the change has taken effect in {@link Users}; must not
 * block. The change is reported as done when the returned futures are complete.
 */
public interface UserListener {

    /** The user is gone; a user of the same name may be added again at once. */
    CompletableFuture<Void> deleted(String user);

    /** The permissions of the user in one or all virtual hosts are others than before. */
    CompletableFuture<Void> permissionsChanged(String user);
}
