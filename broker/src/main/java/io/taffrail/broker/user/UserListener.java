package io.taffrail.broker.user;

import java.util.concurrent.CompletableFuture;

/**
 * A listener that is told when a user is deleted or its permissions change, so that open
 * connections can be checked again. Called on any thread, after the change has taken effect in
 * {@link Users}; must not block. The change is reported as done when the returned futures are
 * complete.
 */
public interface UserListener {

    /** The user was deleted; a user of the same name may be added again at once. */
    CompletableFuture<Void> deleted(String user);

    /** The permissions of the user in one or all virtual hosts have changed. */
    CompletableFuture<Void> permissionsChanged(String user);
}
