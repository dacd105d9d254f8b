package io.taffrail.simulation.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch that was given offsets, and what is known of it. */
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

    /** A batch as a log has it; compaction may have taken some of its records. */
    static Written found(StoredBatches.Batch batch) {
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

    /** -1: none. */
    long producerId() {
        return producerId;
    }

    int sequence() {
        return sequence;
    }

    /** Whether somebody was told that it is stored, or has read it: from then on it stays. */
    boolean isSettled() {
        return settled;
    }

    /** Whether it was refused, and may be there all the same. */
    boolean isUnsure() {
        return unsure;
    }

    void unsure() {
        unsure = true;
    }

    void settle() {
        settled = true;
    }

    /** Durability {@code os} and a power cut: the promise did not cover that. */
    void unsettle() {
        settled = false;
    }

    @Override
    public String toString() {
        return "[%d-%d%s%s]".formatted(baseOffset, lastOffset(), settled ? " settled" : "",
                producerId < 0 ? "" : " producer " + producerId + " sequence " + sequence);
    }
}
