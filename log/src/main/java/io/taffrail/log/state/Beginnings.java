package io.taffrail.log.state;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where producers of which nothing is stored wanted to begin, and could not for want of room: what
 * they sent behind that may not come before it. Kept in memory alone: who connects to a new broker
 * sends everything once more, in order. Guarded by the state.
 */
final class Beginnings {

    private static final int MOST = 1024;

    private record Beginning(short epoch, int sequence) {}

    /** Of producers that never came back the oldest are forgotten. */
    private final Map<Long, Beginning> byProducer = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Beginning> eldest) {
            return size() > MOST;
        }
    };

    /** The sequence that a producer has to begin with, or the one it does. */
    int expected(long producer, short epoch, int sequence) {
        Beginning first = byProducer.get(producer);
        return first == null || first.epoch != epoch ? sequence : first.sequence;
    }

    /** A batch could not be stored. */
    void refused(long producer, short epoch, int sequence) {
        byProducer.compute(producer, (_, before) -> before != null && before.epoch >= epoch
                ? before
                : new Beginning(epoch, sequence));
    }

    /** Something of the producer is stored. */
    void begun(long producer) {
        if (!byProducer.isEmpty()) {
            byProducer.remove(producer);
        }
    }
}
