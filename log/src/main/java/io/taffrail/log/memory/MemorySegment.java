package io.taffrail.log.memory;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.compact.Eraser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A run of batches in one growing array. Written bytes never change, so slices stay valid
 * when a larger array replaces this one. Guarded by its log's lock.
 */
final class MemorySegment {

    /** The position of one batch in the array. */
    record Entry(long baseOffset, long lastOffset, int position, int sizeBytes,
            long maxTimestampMs) {
        int end() {
            return position + sizeBytes;
        }
    }

    private final long baseOffset;
    private final long createdMs;
    private final List<Entry> entries = new ArrayList<>();
    private byte[] bytes;
    private int sizeBytes;
    private long largestTimestampMs = -1;

    MemorySegment(long baseOffset, long createdMs) {
        this.baseOffset = baseOffset;
        this.createdMs = createdMs;
        this.bytes = new byte[0];
    }

    long baseOffset() {
        return baseOffset;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    List<Entry> entries() {
        return entries;
    }

    /** Largest timestamp of the segment's batches; if they have none, the time of its creation. */
    long newestMs() {
        return largestTimestampMs >= 0 ? largestTimestampMs : createdMs;
    }

    /**
     * Returns the segment's age in milliseconds at the arrival of a batch with the given timestamp.
     * Measured by the batches' timestamps or, without them, by the clock.
     */
    long ageMs(long batchTimestampMs, long nowMs) {
        long firstMs = entries.isEmpty() ? -1 : entries.getFirst().maxTimestampMs();
        return firstMs >= 0 ? batchTimestampMs - firstMs : nowMs - createdMs;
    }

    /** Appends a copy of the stamped batch, from position to limit. */
    void append(ByteBuffer batch) {
        int at = batch.position();
        int size = batch.remaining();
        int end = Math.addExact(sizeBytes, size);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, (int) Math.min(bytes.length * 2L, 1 << 30)));
        }
        batch.get(at, bytes, sizeBytes, size);
        long maxTimestampMs = BatchHeader.maxTimestamp(batch, at);
        entries.add(new Entry(BatchHeader.baseOffset(batch, at), BatchHeader.lastOffset(batch, at),
                sizeBytes, size, maxTimestampMs));
        sizeBytes = end;
        largestTimestampMs = Math.max(largestTimestampMs, maxTimestampMs);
    }

    /** Returns the batches that end at or after {@code offset}. */
    List<Entry> entriesFrom(long offset) {
        return entries.subList(indexOf(offset), entries.size());
    }

    /**
     * Returns the index of the first batch that ends at or after {@code offset};
     * the number of batches if there is none.
     */
    int indexOf(long offset) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Returns a read-only view of the bytes from {@code from} to {@code to}. */
    ByteBuffer slice(int from, int to) {
        return ByteBuffer.wrap(bytes, from, to - from).slice().asReadOnlyBuffer();
    }

    /** Returns a copy with the batches that end below {@code offset}. */
    MemorySegment copyBelow(long offset) {
        MemorySegment copy = new MemorySegment(baseOffset, createdMs);
        for (Entry entry : entries) {
            if (entry.lastOffset() < offset) {
                copy.append(slice(entry.position(), entry.end()));
            }
        }
        return copy;
    }

    /** Returns a copy with the batches that {@code eraser} leaves. */
    MemorySegment without(Eraser eraser) {
        MemorySegment copy = new MemorySegment(baseOffset, createdMs);
        for (Entry entry : entries) {
            ByteBuffer batch = ByteBuffer.wrap(
                    Arrays.copyOfRange(bytes, entry.position(), entry.end()));
            eraser.left(batch).ifPresent(copy::append);
        }
        return copy;
    }
}
