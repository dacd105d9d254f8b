package io.taffrail.broker.policy;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The policies of a virtual host, as its users see them. On the owner's thread; futures complete
 * there, when the change is durable and every object goes by it.
 */
public interface Policies {

    /** Sets a policy, in place of one of its name. */
    CompletableFuture<Void> set(PolicyKind kind, Policy policy);

    /** Removes a policy; fails if there is none of this name. */
    CompletableFuture<Void> clear(PolicyKind kind, String name);

    /** Those of one kind, the highest priority first. */
    List<Policy> list(PolicyKind kind);
}
