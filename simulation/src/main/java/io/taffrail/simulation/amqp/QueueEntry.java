package io.taffrail.simulation.amqp;

import io.taffrail.simulation.world.Violation;
import org.jspecify.annotations.Nullable;

/** A message in one queue, and its expected state. */
final class QueueEntry {

    private final int id;
    private final String queue;
    private boolean certain;
    private boolean settled;
    private boolean maybeSettled;
    private boolean seenInThisLife;
    private @Nullable AmqpClient holder;

    QueueEntry(int id, String queue) {
        this.id = id;
        this.queue = queue;
    }

    int id() {
        return id;
    }

    String queue() {
        return queue;
    }

    /** The message was confirmed, or a message stored with it was delivered. */
    void certain() {
        certain = true;
    }

    boolean isCertain() {
        return certain;
    }

    /** True if it must be in the queue. */
    boolean isDue() {
        return certain && !maybeSettled && holder == null;
    }

    void delivered(AmqpClient to, boolean redelivered) {
        if (settled) {
            throw new Violation("what is settled is not delivered again", toString());
        }
        if (holder != null && !holder.isGone()) {
            throw new Violation("nobody gets what another holds", toString());
        }
        if (seenInThisLife && !redelivered) {
            throw new Violation("what was delivered before says so", toString());
        }
        certain = true;
        maybeSettled = false;
        seenInThisLife = true;
        holder = to;
    }

    /** The client sends its settlement. */
    void settling(AmqpClient by) {
        givenBack(by);
        maybeSettled = true;
    }

    /** The settlement is durable. */
    void settled() {
        settled = true;
    }

    /** The client no longer holds it; another client may hold it already. */
    void givenBack(AmqpClient by) {
        if (by.equals(holder)) {
            holder = null;
        }
    }

    void machineDied() {
        holder = null;
        seenInThisLife = false;
    }

    @Override
    public String toString() {
        return id + "@" + queue + (certain ? " certain" : "") + (maybeSettled ? " settling" : "")
                + (settled ? " settled" : "") + (holder == null ? "" : " held");
    }
}
