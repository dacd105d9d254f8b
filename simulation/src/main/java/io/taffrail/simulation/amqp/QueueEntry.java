package io.taffrail.simulation.amqp;

import io.taffrail.simulation.world.Violation;
import org.jspecify.annotations.Nullable;

/** One message in one queue, and what is known of it. */
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

    /** It was confirmed, or something that is stored with it was seen. */
    void certain() {
        certain = true;
    }

    /** It has to be there. */
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

    /** The client says that it is done with. */
    void settling(AmqpClient by) {
        givenBack(by);
        maybeSettled = true;
    }

    /** What the client said has happened, durably. */
    void settled() {
        settled = true;
    }

    /** It is not in the hands of this client any more; it may be in another's already. */
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
