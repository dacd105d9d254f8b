package io.taffrail.broker.policy;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The policies of a virtual host, as operators see them. Called on the owner's thread; futures
 * complete there, when the change is durable and in effect for every object.
 */
public interface Policies {

    /**
     * Sets a policy, or replaces the one with its name. Fails if the memory limit for definitions
     * is reached.
     */
    CompletableFuture<Void> set(PolicyKind kind, Policy policy);

    /** Removes a policy; fails if it does not exist. */
    CompletableFuture<Void> clear(PolicyKind kind, String name);

    /** The policies of one kind, the highest priority first. */
    List<Policy> list(PolicyKind kind);
}
