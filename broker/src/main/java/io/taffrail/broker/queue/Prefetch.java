package io.taffrail.broker.queue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A prefetch limit: how many deliveries of one consumer, or of all consumers of a channel, may be
 * unacknowledged at once. Deliveries without acknowledgement do not count. Owner thread only.
 */
public final class Prefetch {

    /** Number of waiting callbacks up to which a search of the list is cheaper than a set. */
    private static final int FEW = 8;

    private final boolean shared;
    private final int usual;
    private int limit;
    private int inFlight;
    private final List<Runnable> waiting = new ArrayList<>(1);
    /** The same callbacks once there are more than a few; otherwise empty. */
    private Set<Runnable> many = Set.of();

    /**
     * @param limit
     *            number of deliveries, at least 0; 0: no limit
     */
    public Prefetch(int limit) {
        this(limit, false);
    }

    private Prefetch(int limit, boolean shared) {
        this.usual = limit;
        this.limit = limit;
        this.shared = shared;
    }

    /**
     * Returns a limit that several consumers share.
     *
     * @param usual
     *            the limit until {@link #limit} sets another; 0: no limit
     */
    public static Prefetch shared(int usual) {
        return new Prefetch(usual, true);
    }

    /** Whether several consumers share the limit. */
    public boolean isShared() {
        return shared;
    }

    /** Whether a client set a limit for several consumers together. */
    public boolean limitsSeveral() {
        return shared && limit != usual;
    }

    /** Changes the limit; consumers that have room now are served again. */
    public void limit(int newLimit) {
        limit = newLimit;
        wake();
    }

    public int limit() {
        return limit;
    }

    /** Whether one more delivery may be made. */
    public boolean hasRoom() {
        return limit == 0 || inFlight < limit;
    }

    /** Counts a delivery. */
    public void taken() {
        inFlight++;
    }

    /** Counts a delivery that was settled or requeued. */
    public void settled() {
        boolean wasFull = !hasRoom();
        inFlight--;
        if (wasFull && hasRoom()) {
            wake();
        }
    }

    /** Calls {@code wake} once, when there is room again. */
    public void awaitRoom(Runnable wake) {
        boolean isNew = waiting.size() < FEW ? !waiting.contains(wake) : many().add(wake);
        if (isNew) {
            waiting.add(wake);
        }
    }

    private Set<Runnable> many() {
        if (many.isEmpty()) {
            many = new HashSet<>(waiting);
        }
        return many;
    }

    private void wake() {
        if (!waiting.isEmpty()) {
            List<Runnable> woken = new ArrayList<>(waiting);
            waiting.clear();
            many = Set.of();
            Collections.rotate(woken, -1); // The taker of the last slot goes last.
            woken.forEach(Runnable::run);
        }
    }
}
