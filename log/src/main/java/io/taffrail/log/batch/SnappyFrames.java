package io.taffrail.log.batch;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Checks the sizes that snappy data claims, because the decoder allocates memory according to them.
 *
 * <p>
 * Snappy data has one of two forms. The first is a single block. The second is snappy-java's:
 * eight bytes of magic, two versions of type {@code int32}, then blocks, each with its
 * {@code int32} size before its bytes. A block begins with its decompressed size as a varint.
 * Three compressed bytes yield at most 64 bytes.
 */
final class SnappyFrames {

    private static final long MAGIC = 0x82534E4150505900L;
    private static final int HEADER_BYTES = 16;
    private static final int MAX_RATIO = 22;
    private static final int SLACK_BYTES = 64;

    private SnappyFrames() {}

    static void check(ByteBuffer in) throws IOException {
        int at = in.position();
        int end = in.limit();
        if (end - at < HEADER_BYTES || in.getLong(at) != MAGIC) {
            checkBlock(in, at, end);
            return;
        }
        at += HEADER_BYTES;
        while (end - at >= Integer.BYTES) {
            if (end - at >= Long.BYTES && in.getLong(at) == MAGIC) {
                at += HEADER_BYTES;
                continue;
            }
            int size = in.getInt(at);
            at += Integer.BYTES;
            if (size < 0 || size > end - at) {
                throw new IOException("a snappy block claims " + size + " bytes, with "
                        + (end - at) + " left");
            }
            checkBlock(in, at, at + size);
            at += size;
        }
    }

    private static void checkBlock(ByteBuffer in, int from, int end) throws IOException {
        long length = 0;
        int at = from;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at == end) {
                throw new IOException("a snappy block has no length");
            }
            byte next = in.get(at++);
            length |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                break;
            }
        }
        if (length > (long) (end - from) * MAX_RATIO + SLACK_BYTES) {
            throw new IOException(
                    "a snappy block of " + (end - from) + " bytes claims a decompressed size of "
                            + length);
        }
    }
}
