package io.taffrail.simulation.engine;

import io.taffrail.log.spi.ReadableLog;
import io.taffrail.simulation.engine.CheckedBatches.Batch;
import io.taffrail.simulation.engine.CheckedBatches.Outcome;
import io.taffrail.simulation.engine.CheckedBatches.Stored;
import io.taffrail.simulation.world.Violation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A comparison of a log's readable content with its model. */
final class LogCheck {

    private static final String SAME = "a record keeps its offset and its bytes";
    private static final String LOST = "no acknowledged record is lost";

    private LogCheck() {}

    /**
     * Checks that everything from {@code from} to the durable end is as appended, and records it as
     * promised. Returns the reported damage; empty if there is none.
     *
     * @param isSound
     *            whether the disk serves all reads: then nothing that was forced may be damaged
     */
    static String damage(LogModel model, ReadableLog log, long from, boolean isSound) {
        long end = log.durableEnd();
        return switch (CheckedBatches.read(log, from)) {
            case Outcome.Read read -> {
                model.adopt(read.batches(), from);
                compare(model, read.batches(), from, end);
                yield "";
            }
            case Outcome.Damaged damaged -> {
                long readableEnd = Math.max(from, compareBefore(model, damaged.before()));
                if (isSound) {
                    model.requireReadable(readableEnd, damaged.detail());
                }
                yield damaged.detail();
            }
        };
    }

    private static void compare(LogModel model, List<Batch> read, long from, long end) {
        if (model.isCompacted()) {
            compareCompacted(model, read, from, end);
        } else {
            long next = compareBefore(model, read);
            if (read.isEmpty() ? from < end : next != end || read.getFirst().baseOffset() > from) {
                throw new Violation(LOST,
                        "%s from %d to %d: read %s".formatted(model, from, end, spans(read)));
            }
        }
        for (Written batch : model.batches().headMap(end, false).values()) {
            if (batch.baseOffset() >= from) {
                batch.settle();
            }
        }
    }

    /**
     * Checks that each batch is the stored one and follows its predecessor; returns the offset
     * behind the last one.
     */
    private static long compareBefore(LogModel model, List<Batch> read) {
        long next = -1;
        for (Batch batch : read) {
            batch.records().forEach(it -> requireSame(model, it));
            if (model.isCompacted()) {
                continue;
            }
            Written written = model.batches().get(batch.baseOffset());
            if (written == null || written.crc() != batch.crc()
                    || written.lastOffset() != batch.lastOffset()) {
                throw new Violation(SAME,
                        "%s has %s where %s was stored".formatted(model, batch, written));
            }
            if (next >= 0 && batch.baseOffset() != next) {
                throw new Violation(LOST, "%s continues at %d after %d".formatted(model,
                        batch.baseOffset(), next - 1));
            }
            next = batch.lastOffset() + 1;
        }
        return next;
    }

    private static void compareCompacted(LogModel model, List<Batch> read, long from, long end) {
        Set<Long> present = new HashSet<>();
        for (Batch batch : read) {
            for (Stored record : batch.records()) {
                requireSame(model, record);
                present.add(record.offset());
            }
        }
        if (!model.isAlwaysForced()) {
            model.forgetUnsettled(from, end, present);
        }
        if (model.isLossy()) {
            return;
        }
        for (Map.Entry<String, Long> newest : newestByKey(model, end).entrySet()) {
            if (newest.getValue() >= from && !present.contains(newest.getValue())) {
                throw new Violation("compaction keeps the newest record of every key",
                        "%s has lost key %s at %d; it holds %s".formatted(model, newest.getKey(),
                                newest.getValue(), spans(read)));
            }
        }
    }

    private static void requireSame(LogModel model, Stored record) {
        Map.Entry<Long, Written> batch = model.batches().floorEntry(record.offset());
        if (batch == null || batch.getValue().lastOffset() < record.offset()) {
            throw new Violation(SAME, "%s has %s, which nobody appended".formatted(model, record));
        }
        Written.Entry entry = batch.getValue().entries()
                .get((int) (record.offset() - batch.getKey()));
        if (!new Written.Entry(record.key(), record.value()).equals(entry)) {
            throw new Violation(SAME,
                    "%s has %s where %s was stored".formatted(model, record, entry));
        }
    }

    /** Newest offset by key. Tombstones do not count, because compaction may remove them. */
    private static Map<String, Long> newestByKey(LogModel model, long end) {
        Map<String, Long> newest = new HashMap<>();
        for (Written batch : model.batches().headMap(end, false).values()) {
            for (int i = 0; i < batch.entries().size(); i++) {
                Written.Entry entry = batch.entries().get(i);
                if (entry.value() == null) {
                    newest.remove(String.valueOf(entry.key()));
                } else {
                    newest.put(String.valueOf(entry.key()), batch.baseOffset() + i);
                }
            }
        }
        return newest;
    }

    private static String spans(List<Batch> read) {
        StringBuilder text = new StringBuilder();
        read.forEach(it -> text.append('[').append(it.baseOffset()).append('-')
                .append(it.lastOffset()).append(']'));
        return text.isEmpty() ? "nothing" : text.toString();
    }
}
