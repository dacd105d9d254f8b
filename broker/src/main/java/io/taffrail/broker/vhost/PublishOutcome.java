package io.taffrail.broker.vhost;

/** The result of routing a message. */
public enum PublishOutcome {

    /** Routed to at least one queue, which may still refuse it. */
    ROUTED,

    /** Not routed to any queue. */
    UNROUTED,

    /** Not known yet, see {@link Publisher#underWay}. */
    UNDER_WAY
}
