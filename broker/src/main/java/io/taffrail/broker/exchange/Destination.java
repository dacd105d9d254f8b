package io.taffrail.broker.exchange;

/**
 * Where a binding leads: a queue or an exchange. Each remembers the last {@link Walk} that came
 * by, so that a message takes every way once, without a set of those visited.
 */
public abstract class Destination {

    private long lastWalk = -1;

    /** Whether this walk comes by for the first time. */
    final boolean enter(long walk) {
        boolean first = lastWalk != walk;
        lastWalk = walk;
        return first;
    }

    /** Takes part in the walk: a queue is found, an exchange leads on. */
    protected abstract void reach(Walk walk);
}
