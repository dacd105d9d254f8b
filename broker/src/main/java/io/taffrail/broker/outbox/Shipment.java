package io.taffrail.broker.outbox;

import io.taffrail.broker.outbox.OutboxPositions.Pair;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A set of entries that an outbox sends to one destination at once.
 *
 * @param parcels
 *            in the order of the outbox, at least one
 */
record Shipment(Pair pair, List<Parcel> parcels) {

    /**
     * One entry.
     *
     * @param offset
     *            in the outbox
     * @param batch
     *            position to limit
     */
    record Parcel(long offset, ByteBuffer batch) {}

    /** The receiver's answer. */
    sealed interface Answer {

        /** The shipment is durable, was so before, or is refused for good. */
        record Taken() implements Answer {}

        /** Nothing was stored; the shipment may be offered again later. */
        record Waits(String why) implements Answer {}

        /** The outcome is unknown until the inbox is read again. */
        record Unknown(Throwable cause) implements Answer {}
    }

    /** First offset behind the shipment. */
    long next() {
        return parcels.getLast().offset() + 1;
    }

    long sizeBytes() {
        long bytes = 0;
        for (Parcel parcel : parcels) {
            bytes += parcel.batch().remaining();
        }
        return bytes;
    }
}
