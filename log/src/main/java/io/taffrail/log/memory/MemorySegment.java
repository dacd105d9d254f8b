package io.taffrail.log.memory;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.compact.Eraser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A run of batches in one growing array. Bytes once written are never changed, so slices handed out
 * stay valid when the array is replaced by a larger one. Guarded by its log's lock.
 */
final class MemorySegment {

    /** Where one batch lies in the array. */
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

    /** Largest timestamp of its batches, or when it was begun if they have none. */
    long newestMs() {
        return largestTimestampMs >= 0 ? largestTimestampMs : createdMs;
    }

    /**
     * How long it has been the active one when a batch of that timestamp comes: by the timestamps
     * of batches or, without them, by the clock.
     */
    long ageMs(long batchTimestampMs, long nowMs) {
        long firstMs = entries.isEmpty() ? -1 : entries.getFirst().maxTimestampMs();
        return firstMs >= 0 ? batchTimestampMs - firstMs : nowMs - createdMs;
    }

    /** Copies the stamped batch, position to limit, to the end. */
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

    /** Batches that end at or after {@code offset}. */
    List<Entry> entriesFrom(long offset) {
        return entries.subList(indexOf(offset), entries.size());
    }

    /**
     * Index of the first batch that ends at or after {@code offset}; the number of batches if none
     * does.
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

    /** The bytes from one position to another, not to be written. */
    ByteBuffer slice(int from, int to) {
        return ByteBuffer.wrap(bytes, from, to - from).slice().asReadOnlyBuffer();
    }

    /** A segment with those batches that end below {@code offset}, in an array of its own. */
    MemorySegment copyBelow(long offset) {
        MemorySegment copy = new MemorySegment(baseOffset, createdMs);
        for (Entry entry : entries) {
            if (entry.lastOffset() < offset) {
                copy.append(slice(entry.position(), entry.end()));
            }
        }
        return copy;
    }

    /** A segment with what an eraser leaves of its batches, in an array of its own. */
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
