package io.taffrail.simulation.engine;

import io.taffrail.simulation.disk.SimDisk;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes whose damage a start cannot distinguish from a normal state.
 * <ul>
 * <li>The last group of the journal: damage looks as if a power cut had torn it.</li>
 * <li>Base offset and leader epoch of a stored batch: they lie outside its checksum in Kafka's
 * format, so that a broker may write them.</li>
 * <li>The offset delta of the last record of a segment's last batch: the seek of a read passes over
 * a batch that claims to end earlier, as it does over a gap. A scrub detects it.</li>
 * </ul>
 */
final class Undetectable {

    private static final int BLOCK = 4096;
    private static final int GROUP_MAGIC = 0x54464A47;
    private static final int MAGIC_AT = 16;
    private static final int DELTA_AT = 23;
    private static final int HEADER_BYTES = 61;

    private Undetectable() {}

    static boolean isAt(SimDisk.Found file, int position, List<SimDisk.Found> files) {
        String name = file.path().toString();
        if (name.endsWith(".journal")) {
            return position >= lastGroupIn(file) && lastSequence(file) == files.stream()
                    .filter(it -> it.path().toString().endsWith(".journal"))
                    .mapToLong(Undetectable::lastSequence).max().orElse(-1);
        }
        return name.endsWith(".log") && isOutsideChecksum(file.bytes(), position);
    }

    private static int lastGroupIn(SimDisk.Found file) {
        ByteBuffer bytes = ByteBuffer.wrap(file.bytes());
        int last = BLOCK;
        long sequence = -1;
        for (int at = BLOCK; at + BLOCK <= bytes.limit(); at += BLOCK) {
            if (isGroup(bytes, at) && bytes.getLong(at + 16) > sequence) {
                sequence = bytes.getLong(at + 16);
                last = at;
            }
        }
        return last;
    }

    private static long lastSequence(SimDisk.Found file) {
        ByteBuffer bytes = ByteBuffer.wrap(file.bytes());
        int last = lastGroupIn(file);
        return isGroup(bytes, last) ? bytes.getLong(last + 16) : -1;
    }

    private static boolean isGroup(ByteBuffer bytes, int at) {
        return at + BLOCK <= bytes.limit() && bytes.getInt(at) == GROUP_MAGIC
                && bytes.getLong(at + 24) == bytes.getLong(16);
    }

    private static boolean isOutsideChecksum(byte[] segment, int position) {
        ByteBuffer bytes = ByteBuffer.wrap(segment);
        int at = 0;
        while (at + HEADER_BYTES <= segment.length && position >= at) {
            int size = bytes.getInt(at + 8) + 12;
            if (size < HEADER_BYTES || position < at + size) {
                int within = position - at;
                boolean last = at + size + HEADER_BYTES > segment.length;
                return within < 8 || (within >= 12 && within < MAGIC_AT)
                        || (last && within >= DELTA_AT && within < DELTA_AT + Integer.BYTES);
            }
            at += size;
        }
        return false;
    }
}
