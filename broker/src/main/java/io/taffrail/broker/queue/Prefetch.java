package io.taffrail.broker.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * How many deliveries may be unsettled at once: of one consumer, or shared by all of a channel.
 * Owner thread only. Deliveries that need no acknowledgement do not count.
 */
public final class Prefetch {

    private int limit;
    private int inFlight;
    private final List<Runnable> waiting = new ArrayList<>(1);

    /**
     * @param limit
     *            at least 0; 0: no limit
     */
    public Prefetch(int limit) {
        this.limit = limit;
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

    boolean hasRoom() {
        return limit == 0 || inFlight < limit;
    }

    void taken() {
        inFlight++;
    }

    void settled() {
        boolean wasFull = !hasRoom();
        inFlight--;
        if (wasFull && hasRoom()) {
            wake();
        }
    }

    /** Calls {@code wake} once, when there is room again. */
    void awaitRoom(Runnable wake) {
        if (!waiting.contains(wake)) {
            waiting.add(wake);
        }
    }

    private void wake() {
        if (!waiting.isEmpty()) {
            List<Runnable> woken = List.copyOf(waiting);
            waiting.clear();
            woken.forEach(Runnable::run);
        }
    }
}
