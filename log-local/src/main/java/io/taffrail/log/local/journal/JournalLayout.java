package io.taffrail.log.local.journal;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.segment.AbortedIndex;
import io.taffrail.log.local.segment.SegmentInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a journal file. All numbers are big-endian.
 *
 * <pre>
 * file   = header block, group, group, … ; each begins on a multiple of 4096, gaps have no meaning
 * header = magic int64 "TAFJRNL1" | crc32c int32 of the 28 bytes after it | version int32
 *   | file int64 | directory id 16 bytes | at 512, once the file is full: magic int32 "TFJC"
 *   | crc32c int32 of the 16 bytes after it | next file int64 | last group int64
 *   | (rest of 4096 unused)
 * group  = magic int32 "TFJG" | crc32c int32 of all after it | length int32 of the entries
 *   | count int32 | sequence int64 | file int64 | entries
 * entry  = kind int8 | id length int16 | id | by kind:
 *   1 append: segment base int64 | position int32 | length int32 | batch
 *   2 open:   durability int8
 *   3 trim:   start offset int64
 *   4 delete: nothing
 *   5 barrier: nothing, and no id
 *   6 replace, in format 1.0: as 7, but segments of 40 bytes
 *   7 replace: cleaned to int64 | from int64 | to int64 | count int32 | segments of 44 bytes
 * </pre>
 *
 * Groups are numbered from 1 without gaps over all files. A recycled file gets a higher file
 * number, so a group left from its earlier use is not taken for a current one. A group is written
 * and forced before the next one is begun, so at most the last one can be torn.
 */
final class JournalLayout {

    static final int BLOCK = 4096;
    static final long FILE_MAGIC = 0x5441464A524E4C31L;
    static final int VERSION = 1;
    static final int GROUP_MAGIC = 0x54464A47;
    static final int GROUP_HEADER = 32;
    static final byte APPEND = 1;
    static final byte OPEN = 2;
    static final byte TRIM = 3;
    static final byte DELETE = 4;
    static final byte BARRIER = 5;
    static final byte OLD_REPLACE = 6;
    static final byte REPLACE = 7;

    private JournalLayout() {}

    static long roundUp(long bytes) {
        return (bytes + BLOCK - 1) / BLOCK * BLOCK;
    }

    /**
     * Allocates direct memory aligned for uncached writes; {@code bytes} must be a
     * multiple of a block.
     */
    static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes + BLOCK - 1).alignedSlice(BLOCK).slice(0, bytes);
    }

    /**
     * Allocates as {@link #allocate} does; returns {@code null} if the process has no direct
     * memory left. The JDK's limit check detects that before anything changes. Exhaustion of the
     * heap is thrown on.
     */
    static @Nullable ByteBuffer tryAllocate(int bytes) {
        try {
            return allocate(bytes);
        } catch (OutOfMemoryError e) {
            String message = e.getMessage();
            if (message != null && message.startsWith("Cannot reserve ")) {
                return null;
            }
            throw e;
        }
    }

    static byte code(Durability durability) {
        return switch (durability) {
            case FSYNC -> 0;
            case OS -> 1;
            case MEMORY -> 2;
        };
    }

    static Durability durability(byte code) {
        return switch (code) {
            case 0 -> Durability.FSYNC;
            case 1 -> Durability.OS;
            case 2 -> Durability.MEMORY;
            default -> throw new LogFailedException("durability of unknown code " + code);
        };
    }

    static ByteBuffer fileHeader(long file, UUID directory) {
        ByteBuffer block = allocate(BLOCK);
        block.putLong(0, FILE_MAGIC).putInt(12, VERSION).putLong(16, file);
        block.putLong(24, directory.getMostSignificantBits()).putLong(32,
                directory.getLeastSignificantBits());
        return block.putInt(8, crc(block, 12, 40));
    }

    /** Completes the header of a group whose entries end at {@code end}. */
    static void seal(ByteBuffer group, int end, int count, long sequence, long file) {
        group.putInt(0, GROUP_MAGIC).putInt(8, end - GROUP_HEADER).putInt(12, count);
        group.putLong(16, sequence).putLong(24, file);
        group.putInt(4, crc(group, 8, end));
    }

    static int crc(ByteBuffer buffer, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().limit(to).position(from));
        return (int) crc.getValue();
    }

    /** Reads the segments of a replacement, from its count on. */
    static List<SegmentInfo> segments(ByteBuffer in, byte kind) {
        SegmentInfo[] segments = new SegmentInfo[in.getInt()];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = kind == REPLACE
                    ? SegmentInfo.readFrom(in)
                    : SegmentInfo.readOld(in, AbortedIndex.UNKNOWN);
        }
        return List.of(segments);
    }
}
