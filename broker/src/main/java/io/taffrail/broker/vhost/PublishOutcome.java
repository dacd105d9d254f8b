package io.taffrail.broker.vhost;

/** Where a message went. */
public enum PublishOutcome {

    /** To at least one queue, which may still refuse it. */
    ROUTED,

    /** To none. */
    UNROUTED
}
