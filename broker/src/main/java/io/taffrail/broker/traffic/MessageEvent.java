package io.taffrail.broker.traffic;

/** The events of messages that are counted. */
public enum MessageEvent {
    /** A client published a message; at a queue: the queue stored a copy. */
    PUBLISHED(0),
    /** A publisher that asked for confirms was told that its message is stored. */
    CONFIRMED(1),
    /** A message without a queue was given back to its publisher. */
    RETURNED(2),
    /** A message without a queue was dropped. */
    DROPPED(3),
    /** Delivered to a consumer that acknowledges. */
    DELIVERED(4),
    /** Delivered to a consumer that does not acknowledge. */
    DELIVERED_SETTLED(5),
    /** Taken by a single get that acknowledges. */
    GOT(6),
    /** Taken by a single get that does not acknowledge. */
    GOT_SETTLED(7),
    /** A single get found no message. */
    GOT_NOTHING(8),
    /** Delivered or taken once more, after it had been returned; counted as such, too. */
    REDELIVERED(9),
    /** Acknowledged. */
    ACKNOWLEDGED(10);

    /** Number of events. */
    public static final int COUNT = values().length;

    private final int index;

    MessageEvent(int index) {
        this.index = index;
    }

    /** Index in an array with one number for each event. */
    public int index() {
        return index;
    }
}
