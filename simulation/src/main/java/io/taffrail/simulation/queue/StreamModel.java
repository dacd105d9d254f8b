package io.taffrail.simulation.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.simulation.world.Violation;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The expected content of a stream; a message once read keeps its offset. */
final class StreamModel {

    static final String NAME = "stream";
    static final QueueDeclaration DECLARATION = new QueueDeclaration(NAME, true, false, false,
            FieldTable.of(Map.of("x-queue-type", new FieldValue.Text("stream"))));

    private final NavigableMap<Long, Integer> byOffset = new TreeMap<>();
    private final NavigableSet<Integer> confirmed = new TreeSet<>();
    private final Map<Integer, Long> publishedMs = new HashMap<>();

    /** A publish begins; returns the message. */
    int publishes(long nowMs) {
        int message = publishedMs.size();
        publishedMs.put(message, nowMs);
        return message;
    }

    void confirmed(int message) {
        confirmed.add(message);
    }

    /** Offset behind every record read so far. */
    long endAtLeast() {
        return byOffset.isEmpty() ? 0 : byOffset.lastKey() + 1;
    }

    /** A reader got a message. */
    void read(long offset, int message) {
        Integer before = byOffset.put(offset, message);
        if (before != null && before != message) {
            throw new Violation("an offset is given once",
                    "offset %d was message %d, is %d".formatted(offset, before, message));
        }
        Map.Entry<Long, Integer> lower = byOffset.lowerEntry(offset);
        Map.Entry<Long, Integer> higher = byOffset.higherEntry(offset);
        if ((lower != null && lower.getValue() >= message)
                || (higher != null && higher.getValue() <= message)) {
            throw new Violation("a stream keeps messages once, in their order",
                    "%d at %d, between %s and %s".formatted(message, offset, lower, higher));
        }
    }

    /** Checks the first offset of a reader that asked for records since a time. */
    void requireOlderBefore(long offset, long sinceMs) {
        for (int message : byOffset.headMap(offset).values()) {
            if (publishedMs.getOrDefault(message, 0L) >= sinceMs) {
                throw new Violation("a reader gets all since its time", "not " + message
                        + ", it begins at " + offset);
            }
        }
    }

    /** Requires that a read from the first record on found every confirmed message. */
    void requireWhole() {
        NavigableSet<Integer> missing = new TreeSet<>(confirmed);
        missing.removeAll(byOffset.values());
        if (!missing.isEmpty()) {
            throw new Violation("nothing is lost", "messages " + missing + " of a stream");
        }
    }
}
