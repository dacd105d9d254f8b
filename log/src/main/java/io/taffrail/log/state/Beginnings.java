package io.taffrail.log.state;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The first sequences of producers whose first batch was refused for lack of room.
 * A later batch of such a producer must not be accepted before the first one.
 *
 * <p>
 * Kept in memory only: after a restart, producers connect again and resend everything in order.
 * Bounded to 1,024 producers. Guarded by the lock of {@link LogState}.
 */
final class Beginnings {

    private static final int MOST = 1024;

    private record Beginning(short epoch, int sequence) {}

    /** Above the bound, the oldest entry is dropped: its producer has not come back. */
    private final Map<Long, Beginning> byProducer = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Beginning> eldest) {
            return size() > MOST;
        }
    };

    /**
     * Returns the sequence with which the producer must begin; {@code sequence} itself
     * if any is allowed.
     */
    int expected(long producer, short epoch, int sequence) {
        Beginning first = byProducer.get(producer);
        return first == null || first.epoch != epoch ? sequence : first.sequence;
    }

    /** Records that a batch could not be stored. */
    void refused(long producer, short epoch, int sequence) {
        byProducer.compute(producer, (_, before) -> before != null && before.epoch >= epoch
                ? before
                : new Beginning(epoch, sequence));
    }

    /** Records that a batch of the producer is stored. */
    void begun(long producer) {
        if (!byProducer.isEmpty()) {
            byProducer.remove(producer);
        }
    }
}
