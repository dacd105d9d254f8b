package io.taffrail.broker.deadletter;

import java.util.HashSet;
import java.util.Set;

/**
 * A dead letter on its way to the queues that its dead-letter exchange selects. In memory only:
 * after a crash the message is in its source queue again, so a target may get it twice. Owner
 * thread only.
 */
public final class Letter {

    private final long offset;
    private final DeathReason reason;
    private final Set<String> placed = new HashSet<>(0);
    private final Set<String> underWay = new HashSet<>(0);
    private boolean ready;

    /**
     * @param offset
     *            offset of the message in its queue's log
     */
    public Letter(long offset, DeathReason reason) {
        this.offset = offset;
        this.reason = reason;
    }

    /**
     * Offset of the message in its queue's log; -1 for a message that was refused before it was
     * stored.
     */
    public long offset() {
        return offset;
    }

    /** Whether its message is in its queue's log, where it can wait. */
    public boolean isStored() {
        return offset >= 0;
    }

    /** Its queues were found, or a part of them has it: it is to be tried again at once. */
    public void ready() {
        ready = true;
    }

    /** Whether {@link #ready} was called since this was last asked. */
    public boolean takeReady() {
        boolean was = ready;
        ready = false;
        return was;
    }

    public DeathReason reason() {
        return reason;
    }

    /** Whether some target has the letter, or may get it soon, while others may be missing. */
    public boolean isParted() {
        return !placed.isEmpty() || !underWay.isEmpty();
    }

    /** Whether at least one target has the letter. */
    public boolean isPlaced() {
        return !placed.isEmpty();
    }

    /** Whether the answer of another owner is outstanding. */
    public boolean isUnderWay() {
        return !underWay.isEmpty();
    }

    /** Whether {@code queue} has the letter, or may get it soon. */
    public boolean isWith(String queue) {
        return placed.contains(queue) || underWay.contains(queue);
    }

    /** Records that {@code queue} has taken the letter. */
    public void placed(String queue) {
        placed.add(queue);
    }

    /** Records that the letter is in flight to {@code queue}, which has another owner. */
    public void sent(String queue) {
        underWay.add(queue);
    }

    /** Records the answer of {@code queue}. */
    public void answered(String queue, boolean taken) {
        underWay.remove(queue);
        if (taken) {
            placed.add(queue);
        }
    }
}
