package io.taffrail.broker.outbox;

import io.taffrail.broker.outbox.OutboxPositions.Pair;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * The entries of an outbox for one destination, in order; at most one shipment of a lane is in
 * flight.
 *
 * <pre>
 *           something waits and is durable       taken, dropped
 *   IDLE ────────────────────────────► ON_ITS_WAY ─────────────► IDLE
 *                                        │  ▲
 *            cannot be taken, or not known │  │ again, later
 *                                        ▼  │
 *                                       PAUSED
 * </pre>
 *
 * Owner thread of the outbox only.
 */
final class Lane {

    /** States of a lane. */
    enum State {
        IDLE, ON_ITS_WAY, PAUSED;

        boolean leadsTo(State next) {
            return switch (this) {
                case IDLE -> next != IDLE;
                case ON_ITS_WAY -> next != ON_ITS_WAY;
                case PAUSED -> next == IDLE;
            };
        }
    }

    /** A future that completes when an entry was offered to its destination. */
    private record Waiter(long offset, CompletableFuture<Void> tried) {}

    private final Pair pair;
    private final Roaring64Bitmap waiting = new Roaring64Bitmap();
    private final Deque<Waiter> waiters = new ArrayDeque<>(0);
    private State state = State.IDLE;
    private @Nullable Shipment shipment;
    /** Number of refused shipments in a row. */
    private int refusals;

    Lane(Pair pair) {
        this.pair = pair;
    }

    Pair pair() {
        return pair;
    }

    /** Offsets of entries that the destination is not known to have. */
    Roaring64Bitmap waiting() {
        return waiting;
    }

    State state() {
        return state;
    }

    int refusals() {
        return refusals;
    }

    boolean isDone() {
        return state == State.IDLE && waiting.isEmpty();
    }

    private void transition(State next) {
        if (!state.leadsTo(next)) {
            throw new IllegalStateException("a lane goes from " + state + " to " + next);
        }
        state = next;
    }

    void sent(Shipment next) {
        transition(State.ON_ITS_WAY);
        shipment = next;
    }

    /** Size of the shipment in flight in bytes, or 0. */
    long sentBytes() {
        Shipment sent = shipment;
        return sent == null ? 0 : sent.sizeBytes();
    }

    /** Whether this shipment is the one in flight; each shipment is answered once. */
    boolean isSent(Shipment other) {
        return state == State.ON_ITS_WAY && other.equals(shipment);
    }

    void taken() {
        transition(State.IDLE);
        shipment = null;
        refusals = 0;
    }

    /** Notes that the destination refused, or that the outbox could not be read. */
    void refused() {
        transition(State.PAUSED);
        shipment = null;
        refusals++;
    }

    void resume() {
        transition(State.IDLE);
    }

    /** Completes {@code tried} when the entry was offered, whether it was taken or has to wait. */
    void whenTried(long offset, CompletableFuture<Void> tried) {
        if (state == State.PAUSED) {
            tried.complete(null);
        } else {
            waiters.add(new Waiter(offset, tried));
        }
    }

    /** Notes that all entries below {@code offset} were offered. */
    void tried(long offset) {
        while (!waiters.isEmpty() && waiters.getFirst().offset < offset) {
            waiters.removeFirst().tried.complete(null);
        }
    }
}
