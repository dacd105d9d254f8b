package io.taffrail.broker.outbox;

import io.taffrail.broker.outbox.OutboxPositions.Pair;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What an outbox sends to one destination in one step.
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

    /** What the receiver says. */
    sealed interface Answer {

        /** It is durable, or was before, or is refused for good. */
        record Taken() implements Answer {}

        /** Nothing was stored, and it may be offered again later. */
        record Waits(String why) implements Answer {}

        /** Nobody knows before the inbox was read again, which then says what is there. */
        record Unknown(Throwable cause) implements Answer {}
    }

    /** First offset behind it. */
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
