package io.taffrail.broker.deadletter;

import java.util.HashSet;
import java.util.Set;

/**
 * A message that its queue has given up, on its way to the queues its dead-letter exchange leads
 * to. In memory only: after a crash the message is in its queue again, so a target that has it
 * may get it twice. Owner thread only.
 */
public final class Letter {

    private final long offset;
    private final DeathReason reason;
    private final Set<String> placed = new HashSet<>(0);
    private final Set<String> underWay = new HashSet<>(0);

    /**
     * @param offset
     *            of the message in its queue's log
     */
    public Letter(long offset, DeathReason reason) {
        this.offset = offset;
        this.reason = reason;
    }

    public long offset() {
        return offset;
    }

    public DeathReason reason() {
        return reason;
    }

    /** Whether some target has it, or may have it soon: others may still be missing. */
    public boolean isParted() {
        return !placed.isEmpty() || !underWay.isEmpty();
    }

    /** Whether at least one target has it. */
    public boolean isPlaced() {
        return !placed.isEmpty();
    }

    /** Whether an owner elsewhere has yet to answer. */
    public boolean isUnderWay() {
        return !underWay.isEmpty();
    }

    /** Whether {@code queue} has it, or may have it soon. */
    public boolean isWith(String queue) {
        return placed.contains(queue) || underWay.contains(queue);
    }

    /** {@code queue} takes it. */
    public void placed(String queue) {
        placed.add(queue);
    }

    /** It is on its way to {@code queue}, which another owner has. */
    public void sent(String queue) {
        underWay.add(queue);
    }

    /** What became of it on its way to {@code queue}. */
    public void answered(String queue, boolean taken) {
        underWay.remove(queue);
        if (taken) {
            placed.add(queue);
        }
    }
}
