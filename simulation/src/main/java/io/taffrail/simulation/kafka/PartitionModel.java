package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * The expected content of one partition: records that were acknowledged or fetched, and records
 * that may be stored.
 */
final class PartitionModel {

    private final String topic;
    private final Uuid topicId;
    private final int index;
    /** Ids of records by offset. */
    private final NavigableMap<Long, Long> known = new TreeMap<>();
    private final Map<Long, List<Long>> offsets = new HashMap<>();
    private final Map<Long, SentBatch> batches = new HashMap<>();
    private long endAtLeast;

    PartitionModel(String topic, Uuid topicId, int index) {
        this.topic = topic;
        this.topicId = topicId;
        this.index = index;
    }

    String topic() {
        return topic;
    }

    Uuid topicId() {
        return topicId;
    }

    int index() {
        return index;
    }

    /** Highest end that a client was told; the end must not go back. */
    long endAtLeast() {
        return endAtLeast;
    }

    /** Checks an end reported to a client, which asked when the end was at least {@code before}. */
    void endsAt(long end, long before) {
        if (end < before) {
            throw new Violation("the durable end never goes back",
                    this + " ended at " + before + ", and ends at " + end);
        }
        endAtLeast = Math.max(endAtLeast, end);
    }

    void sent(SentBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            batches.put(batch.firstId() + i, batch);
        }
    }

    /** The batch was acknowledged at this offset. */
    void acknowledged(SentBatch batch, long baseOffset) {
        for (int i = 0; i < batch.count(); i++) {
            record(baseOffset + i, batch.firstId() + i);
        }
        batch.acknowledged();
        endAtLeast = Math.max(endAtLeast, baseOffset + batch.count());
    }

    /** A record was acknowledged or fetched at this offset. */
    void record(long offset, long id) {
        SentBatch batch = batches.get(id);
        if (batch == null) {
            throw new Violation("no record comes from nowhere", this + ": " + id);
        }
        Long there = known.putIfAbsent(offset, id);
        if (there != null) {
            if (there != id) {
                throw new Violation("a record keeps its offset; an offset is given once",
                        "%s: %d and %d are at %d".formatted(this, there, id, offset));
            }
            return;
        }
        List<Long> copies = offsets.computeIfAbsent(id, _ -> new ArrayList<>());
        copies.add(offset);
        if (copies.size() > batch.mayBeStored()) {
            throw new Violation("a retry is stored once",
                    "%s: record %d of %s is at %s".formatted(this, id, batch, copies));
        }
    }

    /** Checks that the records read from the log's start to its end contain all known ones. */
    void compare(NavigableMap<Long, Long> read, long end) {
        known.forEach((offset, id) -> {
            if (!id.equals(read.get(offset))) {
                throw new Violation("no acknowledged record is lost",
                        "%s: at %d was %d, is %s, end %d"
                                .formatted(this, offset, id, read.get(offset), end));
            }
        });
    }

    @Override
    public String toString() {
        return topic + "-" + index;
    }
}
