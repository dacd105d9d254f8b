package io.taffrail.log.local.segment;

import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.spi.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The form of an entry in {@link AbortedIndex}'s file: Kafka's {@code AbortedTxn} with a checksum.
 *
 * <pre>
 * version int16 = 0 | producer id int64 | first offset int64 | last offset int64
 * | last stable offset int64 | crc32c int32 of the 34 bytes before it
 * </pre>
 */
final class AbortedEntry {

    static final int BYTES = 38;
    private static final short VERSION = 0;
    private static final int CRC_AT = 34;
    private static final int CHUNK = 512;

    private AbortedEntry() {}

    static ByteBuffer encode(List<AbortedTransaction> transactions) {
        ByteBuffer out = ByteBuffer.allocate(transactions.size() * BYTES);
        for (AbortedTransaction each : transactions) {
            int at = out.position();
            out.putShort(VERSION).putLong(each.producerId()).putLong(each.firstOffset())
                    .putLong(each.lastOffset()).putLong(each.lastStableOffset())
                    .putInt(crc(out, at));
        }
        return out.flip();
    }

    private static int crc(ByteBuffer buffer, int at) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.array(), buffer.arrayOffset() + at, CRC_AT);
        return (int) crc.getValue();
    }

    /** Receives entries in order. */
    interface Taker {

        /** Takes an entry; returns false if no later one is needed. */
        boolean take(int index, AbortedTransaction entry) throws IOException;
    }

    /**
     * Reads entries of a file in order until they end or the taker needs no more.
     *
     * @return false if the taker needed no more
     * @throws IOException
     *             if an entry is missing or damaged
     */
    static boolean read(DiskFile file, Path path, int from, int to, Taker taker)
            throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(CHUNK, Math.max(to - from, 0)) * BYTES);
        for (int next = from; next < to;) {
            chunk.clear().limit(Math.min(CHUNK, to - next) * BYTES);
            file.read(chunk, (long) next * BYTES);
            chunk.flip();
            int count = Math.max(1, chunk.limit() / BYTES);
            for (int i = 0; i < count; i++) {
                if (!taker.take(next, decode(chunk, i * BYTES, path, next))) {
                    return false;
                }
                next++;
            }
        }
        return true;
    }

    private static AbortedTransaction decode(ByteBuffer in, int at, Path path, int index)
            throws IOException {
        if (in.limit() - at < BYTES) {
            throw new IOException(path + " ends before entry " + index);
        }
        if (in.getShort(at) != VERSION || in.getInt(at + CRC_AT) != crc(in, at)) {
            throw new IOException(path + " is damaged at entry " + index);
        }
        return new AbortedTransaction(in.getLong(at + 2), in.getLong(at + 10), in.getLong(at + 18),
                in.getLong(at + 26));
    }
}
