package io.taffrail.broker.exchange;

/**
 * The destination of a binding: a queue or an exchange. Each destination records the last
 * {@link Walk} that reached it, so that a message reaches it once, without a set of visited
 * destinations.
 */
public abstract class Destination {

    private long lastWalk = -1;

    /** Whether this walk reaches the destination for the first time. */
    final boolean enter(long walk) {
        boolean first = lastWalk != walk;
        lastWalk = walk;
        return first;
    }

    /**
     * Handles a walk that has reached the destination: a queue is added to it, an exchange routes
     * it on.
     */
    protected abstract void reach(Walk walk);
}
