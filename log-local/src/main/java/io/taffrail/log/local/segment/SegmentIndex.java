package io.taffrail.log.local.segment;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The sparse index of a segment, by offset and by time at once. Entries are of 16 bytes, in
 * ascending order of all three:
 *
 * <pre>
 * base offset of a batch, relative to the segment's: int32 | its position: int32
 * | largest timestamp of all batches before it in the segment: int64
 * </pre>
 *
 * New entries are kept in memory and moved to the file by {@link #persist}; the file is read with a
 * few positional
 * reads for a look-up, so that an idle segment costs no memory. It is a hint that can be made again
 * from the segment.
 * Safe for any thread.
 */
public final class SegmentIndex {

    static final int ENTRY_BYTES = 16;
    private static final long NO_TIME = Long.MIN_VALUE;
    private static final int[] NONE = new int[0];
    private static final long[] NO_TIMES = new long[0];

    private final Disk disk;
    private final Path path;
    private int inFile;
    private int inMemory;
    private int[] offsets = NONE;
    private int[] positions = NONE;
    private long[] times = NO_TIMES;
    private int lastPosition = -1;

    SegmentIndex(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    /** Whether a batch at {@code position} is {@code intervalBytes} beyond the last entry. */
    synchronized boolean isDue(int position, int intervalBytes) {
        return position - Math.max(lastPosition, 0) >= intervalBytes;
    }

    synchronized void add(int relativeOffset, int position, long maxTimestampBefore) {
        if (inMemory == offsets.length) {
            int larger = Math.max(8, inMemory * 2);
            offsets = Arrays.copyOf(offsets, larger);
            positions = Arrays.copyOf(positions, larger);
            times = Arrays.copyOf(times, larger);
        }
        offsets[inMemory] = relativeOffset;
        positions[inMemory] = position;
        times[inMemory] = maxTimestampBefore;
        inMemory++;
        lastPosition = position;
    }

    /** Position of a batch at or before the offset, as near as the index knows. */
    synchronized int floorByOffset(int relativeOffset) throws IOException {
        int low = 0;
        for (int high = inMemory; low < high;) {
            int middle = (low + high) >>> 1;
            if (offsets[middle] <= relativeOffset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 ? positions[low - 1] : floorInFile(relativeOffset, NO_TIME);
    }

    /** A position before which no batch has a timestamp at or after {@code timestampMs}. */
    synchronized int floorByTime(long timestampMs) throws IOException {
        int low = 0;
        for (int high = inMemory; low < high;) {
            int middle = (low + high) >>> 1;
            if (times[middle] < timestampMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 ? positions[low - 1] : floorInFile(0, timestampMs);
    }

    private int floorInFile(int relativeOffset, long timestampMs) throws IOException {
        if (inFile == 0) {
            return 0;
        }
        try (DiskFile file = disk.open(path)) {
            int low = 0;
            int position = 0;
            ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
            for (int high = inFile; low < high;) {
                int middle = (low + high) >>> 1;
                readEntry(file, entry, middle);
                boolean below = timestampMs == NO_TIME
                        ? entry.getInt(0) <= relativeOffset
                        : entry.getLong(8) < timestampMs;
                if (below) {
                    low = middle + 1;
                    position = entry.getInt(4);
                } else {
                    high = middle;
                }
            }
            return position;
        }
    }

    private void readEntry(DiskFile file, ByteBuffer entry, int index) throws IOException {
        entry.clear();
        if (file.read(entry, (long) index * ENTRY_BYTES) != ENTRY_BYTES) {
            throw new IOException(path + " ends before entry " + index);
        }
    }

    /** Moves what is in memory to the file; forced with the segment by the caller's checkpoint. */
    void persist() throws IOException {
        ByteBuffer out;
        int from;
        synchronized (this) {
            if (inMemory == 0) {
                return;
            }
            out = ByteBuffer.allocate(inMemory * ENTRY_BYTES);
            for (int i = 0; i < inMemory; i++) {
                out.putInt(offsets[i]).putInt(positions[i]).putLong(times[i]);
            }
            from = inFile;
        }
        int moved = out.flip().remaining() / ENTRY_BYTES;
        try (DiskFile file = disk.openOrCreate(path)) {
            file.write(out, (long) from * ENTRY_BYTES);
            file.truncate((long) (from + moved) * ENTRY_BYTES);
            file.force(false);
        }
        forgetMoved(moved);
    }

    private synchronized void forgetMoved(int moved) {
        inFile += moved;
        int left = inMemory - moved;
        offsets = left == 0 ? NONE : Arrays.copyOfRange(offsets, moved, inMemory);
        positions = left == 0 ? NONE : Arrays.copyOfRange(positions, moved, inMemory);
        times = left == 0 ? NO_TIMES : Arrays.copyOfRange(times, moved, inMemory);
        inMemory = left;
    }

    /**
     * Takes the file's entries for batches below {@code segmentSize} as good.
     *
     * @return false if the file is missing or out of order; the index is then empty
     */
    synchronized boolean load(int segmentSize) throws IOException {
        inMemory = 0;
        inFile = 0;
        lastPosition = -1;
        if (!disk.exists(path)) {
            return false;
        }
        try (DiskFile file = disk.open(path)) {
            int low = 0;
            ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
            for (int high = (int) (file.size() / ENTRY_BYTES); low < high;) {
                int middle = (low + high) >>> 1;
                readEntry(file, entry, middle);
                if (entry.getInt(4) < segmentSize) {
                    low = middle + 1;
                    lastPosition = Math.max(lastPosition, entry.getInt(4));
                } else {
                    high = middle;
                }
            }
            inFile = low;
        }
        return true;
    }

    void delete() throws IOException {
        disk.delete(path);
    }

    /** Forgets everything, to be filled again by a scan of the segment. */
    synchronized void clear() {
        inFile = 0;
        inMemory = 0;
        lastPosition = -1;
    }
}
