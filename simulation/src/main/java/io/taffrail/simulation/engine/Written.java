package io.taffrail.simulation.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch with assigned offsets, and its state. */
final class Written {

    /** A record as it was appended. */
    record Entry(@Nullable String key, @Nullable String value) {}

    private final long baseOffset;
    private final List<Entry> entries;
    private final int crc;
    private final long producerId;
    private final int sequence;
    private boolean settled;
    private boolean unsure;

    Written(long baseOffset, List<Entry> entries, int crc, long producerId, int sequence) {
        this.baseOffset = baseOffset;
        this.entries = entries;
        this.crc = crc;
        this.producerId = producerId;
        this.sequence = sequence;
    }

    /** Returns the batch as read from a log; compaction may have removed some of its records. */
    static Written found(CheckedBatches.Batch batch) {
        int count = (int) (batch.lastOffset() - batch.baseOffset()) + 1;
        List<Entry> entries = new ArrayList<>(Collections.nCopies(count, new Entry("", "")));
        batch.records().forEach(it -> entries.set((int) (it.offset() - batch.baseOffset()),
                new Entry(it.key(), it.value())));
        return new Written(batch.baseOffset(), entries, batch.crc(), -1, -1);
    }

    long baseOffset() {
        return baseOffset;
    }

    long lastOffset() {
        return baseOffset + entries.size() - 1;
    }

    List<Entry> entries() {
        return entries;
    }

    int crc() {
        return crc;
    }

    /** The producer's id; -1 for none. */
    long producerId() {
        return producerId;
    }

    int sequence() {
        return sequence;
    }

    /** True if the batch was acknowledged or read: it must not disappear. */
    boolean isSettled() {
        return settled;
    }

    /** True if the batch was refused but may be stored. */
    boolean isUnsure() {
        return unsure;
    }

    void unsure() {
        unsure = true;
    }

    void settle() {
        settled = true;
    }

    /** After a power cut, which durability {@code os} does not cover, the batch may be lost. */
    void unsettle() {
        settled = false;
    }

    @Override
    public String toString() {
        return "[%d-%d%s%s]".formatted(baseOffset, lastOffset(), settled ? " settled" : "",
                producerId < 0 ? "" : " producer " + producerId + " sequence " + sequence);
    }
}
