package io.taffrail.broker.queue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How many deliveries may be unsettled at once: of one consumer, or shared by all of a channel.
 * Owner thread only. Deliveries that need no acknowledgement do not count.
 */
public final class Prefetch {

    private final boolean shared;
    private final int usual;
    private int limit;
    private int inFlight;
    private final List<Runnable> waiting = new ArrayList<>(1);

    /**
     * @param limit
     *            at least 0; 0: no limit
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
     * One that several consumers share.
     *
     * @param usual
     *            its limit as long as nobody asks for another; 0: no limit
     */
    public static Prefetch shared(int usual) {
        return new Prefetch(usual, true);
    }

    /** Whether several consumers share it. */
    public boolean isShared() {
        return shared;
    }

    /** Whether somebody asked for a limit to several consumers together. */
    public boolean limitsSeveral() {
        return shared && limit != usual;
    }

    /** Changes the limit; consumers that may take more now are served on. */
    public void limit(int newLimit) {
        limit = newLimit;
        wake();
    }

    public int limit() {
        return limit;
    }

    /** Deliveries not yet settled. */
    public int inFlight() {
        return inFlight;
    }

    /** Whether one more delivery may be handed out. */
    public boolean hasRoom() {
        return limit == 0 || inFlight < limit;
    }

    /** A delivery was handed out. */
    public void taken() {
        inFlight++;
    }

    /** A delivery was settled, or came back. */
    public void settled() {
        boolean wasFull = !hasRoom();
        inFlight--;
        if (wasFull && hasRoom()) {
            wake();
        }
    }

    /** Calls {@code wake} once, when there is room again. */
    public void awaitRoom(Runnable wake) {
        if (!waiting.contains(wake)) {
            waiting.add(wake);
        }
    }

    private void wake() {
        if (!waiting.isEmpty()) {
            List<Runnable> woken = new ArrayList<>(waiting);
            waiting.clear();
            Collections.rotate(woken, -1); // Whoever took the last one asked again first.
            woken.forEach(Runnable::run);
        }
    }
}
