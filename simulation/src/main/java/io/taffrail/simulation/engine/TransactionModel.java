package io.taffrail.simulation.engine;

import io.taffrail.simulation.world.Violation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The expected transactions of one compacted log. Only one batch is in flight at a time. */
final class TransactionModel {

    /** State of a record. */
    enum Fate {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /** A batch of one record, or a marker. */
    record Sent(long producer, int sequence, String key, String value, boolean transactional,
            @Nullable Fate ends) {}

    private static final class Row {
        private final Sent sent;
        private Fate fate;

        Row(Sent sent) {
            this.sent = sent;
            this.fate = sent.transactional ? Fate.OPEN : Fate.COMMITTED;
        }
    }

    private final NavigableMap<Long, Row> rows = new TreeMap<>();
    /** First offset of each open transaction, by producer. */
    private final Map<Long, Long> open = new HashMap<>();
    /** Producers with an ended transaction. */
    private final Set<Long> ended = new HashSet<>();
    private final Map<Long, Integer> sequences = new HashMap<>();
    private long end;

    long end() {
        return end;
    }

    boolean isOpen(long producer) {
        return open.containsKey(producer);
    }

    /**
     * True if a marker of the producer is known to be stored, so that the log remembers its
     * coordinator's epoch. With durability {@code os} a start may forget it, because compaction
     * removes the content of markers.
     */
    boolean hasEnded(long producer) {
        return ended.contains(producer);
    }

    /** The log was restarted and is not forced. */
    void startedUnforced() {
        ended.clear();
    }

    int nextSequence(long producer) {
        return sequences.getOrDefault(producer, 0);
    }

    long lastStableOffset() {
        return open.values().stream().mapToLong(it -> it).min().orElse(end);
    }

    /** The batch is stored at the log's end. */
    void stored(Sent sent) {
        Fate ends = sent.ends;
        if (ends != null) {
            ended.add(sent.producer);
            Long first = open.remove(sent.producer);
            if (first != null) {
                rows.tailMap(first, true).values().stream()
                        .filter(it -> it.sent.producer == sent.producer && it.fate == Fate.OPEN)
                        .forEach(it -> it.fate = ends);
            }
        } else {
            rows.put(end, new Row(sent));
            if (sent.producer >= 0) {
                sequences.put(sent.producer, sent.sequence + 1);
            }
            if (sent.transactional) {
                open.putIfAbsent(sent.producer, end);
            }
        }
        end++;
    }

    /** Checks the records that a reader of committed records got from the start on. */
    void check(List<CheckedBatches.Stored> read) {
        Map<Long, CheckedBatches.Stored> byOffset = new HashMap<>();
        for (CheckedBatches.Stored record : read) {
            Row row = rows.get(record.offset());
            if (row == null || !row.sent.key.equals(record.key())
                    || !row.sent.value.equals(record.value())) {
                throw new Violation("a record keeps its offset and its bytes", record.toString());
            }
            if (row.fate != Fate.COMMITTED) {
                throw new Violation("nothing that was rolled back is read",
                        record + " is " + row.fate);
            }
            byOffset.put(record.offset(), record);
        }
        Map<String, Long> newest = new HashMap<>();
        rows.headMap(lastStableOffset(), false).forEach((offset, row) -> {
            if (row.fate == Fate.COMMITTED) {
                newest.put(row.sent.key, offset);
            }
        });
        newest.forEach((key, offset) -> {
            if (!byOffset.containsKey(offset)) {
                throw new Violation("compaction keeps the newest committed record of every key",
                        key + " at " + offset);
            }
        });
    }
}
