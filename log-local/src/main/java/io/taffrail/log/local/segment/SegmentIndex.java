package io.taffrail.log.local.segment;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The sparse index of a segment, by offset and by time. Entries have 16 bytes, and each column
 * ascends:
 *
 * <pre>
 * base offset of a batch, relative to the segment's: int32 | its position: int32
 * | largest timestamp of all batches before it in the segment: int64
 * </pre>
 *
 * New entries are kept in memory and moved to the file by {@link #persist}. A look-up reads the
 * file with a few positional reads, so an idle segment costs no memory. The index is a hint: it can
 * be rebuilt from the segment. Thread-safe.
 */
public final class SegmentIndex {

    static final int ENTRY_BYTES = 16;
    private static final int READ_BYTES = 64 << 10;
    /**
     * An index that ends this many bytes before its segment has lost entries, or its
     * batches are that large.
     */
    private static final int GAP_BYTES = 16 << 20;
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
    /** True if the file may have more than {@code inFile} entries, which a crash left behind. */
    private volatile boolean longerFile = true;
    private int remakes;

    /**
     * Position of a batch according to the index, and the batch's offset relative to the segment's.
     */
    record Entry(int relativeOffset, int position) {

        static final Entry START = new Entry(0, 0);
    }

    SegmentIndex(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    /**
     * True if a batch at {@code position} is at least {@code intervalBytes} behind the last entry.
     */
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

    /** Returns the last entry at or before the offset, or the start of the segment. */
    synchronized Entry floorByOffset(int relativeOffset) throws IOException {
        int low = 0;
        for (int high = inMemory; low < high;) {
            int middle = (low + high) >>> 1;
            if (offsets[middle] <= relativeOffset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0
                ? new Entry(offsets[low - 1], positions[low - 1])
                : floorInFile(relativeOffset, NO_TIME);
    }

    /**
     * Returns the last entry before which no batch has a timestamp at or after {@code timestampMs}.
     */
    synchronized Entry floorByTime(long timestampMs) throws IOException {
        int low = 0;
        for (int high = inMemory; low < high;) {
            int middle = (low + high) >>> 1;
            if (times[middle] < timestampMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0
                ? new Entry(offsets[low - 1], positions[low - 1])
                : floorInFile(0, timestampMs);
    }

    private Entry floorInFile(int relativeOffset, long timestampMs) throws IOException {
        if (inFile == 0) {
            return Entry.START;
        }
        try (DiskFile file = disk.open(path)) {
            int low = 0;
            Entry floor = Entry.START;
            ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
            for (int high = inFile; low < high;) {
                int middle = (low + high) >>> 1;
                readEntry(file, entry, middle);
                boolean below = timestampMs == NO_TIME
                        ? entry.getInt(0) <= relativeOffset
                        : entry.getLong(8) < timestampMs;
                if (below) {
                    low = middle + 1;
                    floor = new Entry(entry.getInt(0), entry.getInt(4));
                } else {
                    high = middle;
                }
            }
            return floor;
        }
    }

    private void readEntry(DiskFile file, ByteBuffer entry, int index) throws IOException {
        entry.clear();
        if (file.read(entry, (long) index * ENTRY_BYTES) != ENTRY_BYTES) {
            throw new IOException(path + " ends before entry " + index);
        }
    }

    /** Moves entries from memory to the file and forces it. Called by the checkpoint. */
    void persist() throws IOException {
        ByteBuffer out;
        int from;
        int remade;
        synchronized (this) {
            if (inMemory == 0 && !(longerFile && disk.exists(path))) {
                return;
            }
            out = ByteBuffer.allocate(inMemory * ENTRY_BYTES);
            for (int i = 0; i < inMemory; i++) {
                out.putInt(offsets[i]).putInt(positions[i]).putLong(times[i]);
            }
            from = inFile;
            remade = remakes;
        }
        int moved = out.flip().remaining() / ENTRY_BYTES;
        try (DiskFile file = disk.openOrCreate(path)) {
            file.write(out, (long) from * ENTRY_BYTES);
            file.truncate((long) (from + moved) * ENTRY_BYTES);
            file.force(false);
        }
        longerFile = false;
        forgetMoved(moved, remade);
    }

    private synchronized void forgetMoved(int moved, int remade) {
        if (remade != remakes) {
            // The entries in memory were rebuilt meanwhile; the next call writes all of them.
            return;
        }
        inFile += moved;
        int left = inMemory - moved;
        offsets = left == 0 ? NONE : Arrays.copyOfRange(offsets, moved, inMemory);
        positions = left == 0 ? NONE : Arrays.copyOfRange(positions, moved, inMemory);
        times = left == 0 ? NO_TIMES : Arrays.copyOfRange(times, moved, inMemory);
        inMemory = left;
    }

    /**
     * Loads the file's entries for batches below {@code segmentSize} if they ascend. An unreadable
     * file is deleted, because it can be rebuilt.
     *
     * @return the reason why the file is not usable, with the index left empty;
     *         an empty string if it is
     */
    synchronized String load(int segmentSize) throws IOException {
        clear();
        if (!disk.exists(path)) {
            return "is missing";
        }
        String wrong;
        try (DiskFile file = disk.open(path)) {
            wrong = loadAscending(file, segmentSize);
        } catch (ClosedChannelException | NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            wrong = "cannot be read (" + e + ")";
            deleteUnreadable(e);
        }
        if (!wrong.isEmpty()) {
            clear();
        }
        return wrong;
    }

    private void deleteUnreadable(IOException cause) throws IOException {
        try {
            disk.delete(path);
        } catch (IOException e) {
            cause.addSuppressed(e);
            throw cause;
        }
    }

    private String loadAscending(DiskFile file, int segmentSize) throws IOException {
        if (file.size() % ENTRY_BYTES != 0) {
            return "ends inside an entry";
        }
        ByteBuffer chunk = ByteBuffer
                .allocate((int) Math.max(1, Math.min(READ_BYTES, file.size())));
        int offset = -1;
        long time = Long.MIN_VALUE;
        for (long at = 0; file.read(chunk.clear(), at) >= ENTRY_BYTES; at += chunk.limit()) {
            chunk.flip();
            for (int i = 0; i < chunk.limit(); i += ENTRY_BYTES) {
                if (chunk.getInt(i + 4) >= segmentSize) {
                    return "";
                }
                if (chunk.getInt(i) <= offset || chunk.getInt(i + 4) <= lastPosition
                        || chunk.getLong(i + 8) < time) {
                    return "is out of order at " + (at + i);
                }
                offset = chunk.getInt(i);
                lastPosition = chunk.getInt(i + 4);
                time = chunk.getLong(i + 8);
                inFile++;
            }
        }
        return segmentSize - Math.max(lastPosition, 0) > GAP_BYTES
                ? "ends too early, after " + inFile + " entries"
                : "";
    }

    /**
     * Replaces all entries before the first one in memory with those of {@code made}, which a scan
     * of the segment has filled.
     */
    synchronized void remake(SegmentIndex made) {
        int before = inMemory == 0 ? Integer.MAX_VALUE : positions[0];
        SegmentIndex merged = new SegmentIndex(disk, path);
        for (int i = 0; i < made.inMemory && made.positions[i] < before; i++) {
            merged.add(made.offsets[i], made.positions[i], made.times[i]);
        }
        for (int i = 0; i < inMemory; i++) {
            merged.add(offsets[i], positions[i], times[i]);
        }
        offsets = merged.offsets;
        positions = merged.positions;
        times = merged.times;
        inMemory = merged.inMemory;
        lastPosition = merged.lastPosition;
        inFile = 0;
        remakes++;
    }

    void delete() throws IOException {
        disk.delete(path);
    }

    private void clear() {
        inFile = 0;
        inMemory = 0;
        lastPosition = -1;
    }
}
