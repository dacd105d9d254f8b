package io.taffrail.broker.queue;

import io.taffrail.broker.traffic.MessageCounts;
import io.taffrail.broker.traffic.MessageEvent;
import java.util.OptionalLong;

/** Counts the messages of a queue, and measures how long they wait. Owner thread only. */
final class QueueMeter {

    private final MessageCounts own;
    private final MessageCounts ofType;
    private final Ready ready;
    private final ConsumerRoom room;
    /** Bytes of the bodies of messages in flight. */
    private long heldBytes;
    /** Offset of the head that was last looked at, and its time. */
    private long headOffset = -1;
    private long headMs;

    /**
     * @param own
     *            counters of the queue
     */
    QueueMeter(MessageCounts own, QueueType type, Ready ready, QueueContext context) {
        this.own = own;
        this.ofType = context.traffic().of(type);
        this.ready = ready;
        this.room = new ConsumerRoom(context.clock());
    }

    /** Counts messages that the queue stored; returns true. */
    boolean published(int number) {
        own.count(MessageEvent.PUBLISHED, number);
        return true;
    }

    /** Counts a message of this queue, and of all queues of its type. */
    void count(MessageEvent event) {
        own.count(event);
        ofType.count(event);
    }

    /** Counts a delivery, which is held until it is settled if {@code held}. */
    void handedOut(HeldDelivery delivery, MessageEvent event, boolean held) {
        count(event);
        if (delivery.redelivered()) {
            count(MessageEvent.REDELIVERED);
        }
        if (held) {
            heldBytes += delivery.bodyBytes();
        }
    }

    /** A delivery is no longer held. */
    void released(HeldDelivery delivery) {
        heldBytes -= delivery.bodyBytes();
    }

    /** Notes that a consumer has left; without any, nothing is blocked. */
    void left(boolean last) {
        if (last) {
            room.some();
        }
    }

    /** The measurement of the time for which no consumer has room. */
    ConsumerRoom room() {
        return room;
    }

    QueueFigures figures(long logBytes) {
        return new QueueFigures(own.copy(), ready.estimatedBytes(logBytes), heldBytes,
                room.blockedMs(), room.isBlocked());
    }

    /**
     * Arrival time of the first ready message in milliseconds; reads it if it is another one.
     *
     * @param idle
     *            whether nobody else reads
     */
    OptionalLong oldestMs(boolean idle) {
        if (ready.count() == 0) {
            return OptionalLong.empty();
        }
        long head = ready.head();
        if (head != headOffset) {
            if (!ready.find(head)) {
                return OptionalLong.empty();
            }
            headOffset = head;
            headMs = ready.found().timestampMs();
            if (idle) {
                ready.idle();
            }
        }
        return OptionalLong.of(headMs);
    }
}
