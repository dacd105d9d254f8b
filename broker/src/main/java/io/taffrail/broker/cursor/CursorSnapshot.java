package io.taffrail.broker.cursor;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.Varints;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * A whole cursor as a record, in place of every record before it:
 *
 * <pre>
 * u8 2 | varlong floor | varlong mark | varint size, settled | varint size, returned
 *      | varint counts x (varlong offset | varint count)     bitmaps in Roaring's own format
 * </pre>
 */
final class CursorSnapshot {

    static final byte KIND = 2;

    private CursorSnapshot() {}

    static ByteBuffer encode(AckCursor cursor) {
        Roaring64Bitmap settled = cursor.settledBits();
        Roaring64Bitmap returned = cursor.returnedBits();
        settled.runOptimize();
        int settledBytes = Math.toIntExact(settled.serializedSizeInBytes());
        int returnedBytes = Math.toIntExact(returned.serializedSizeInBytes());
        ByteBuffer out = ByteBuffer.allocate(64 + settledBytes + returnedBytes
                + 15 * cursor.countsSize());
        out.put(KIND);
        Varints.write(out, cursor.floor());
        Varints.write(out, cursor.mark());
        try {
            Varints.write(out, settledBytes);
            settled.serialize(out);
            Varints.write(out, returnedBytes);
            returned.serialize(out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        Varints.write(out, cursor.countsSize());
        cursor.counts((offset, count) -> {
            Varints.write(out, offset);
            Varints.write(out, count);
        });
        return out.flip();
    }

    /** Sets a cursor to a record, behind its kind. */
    static void apply(ByteBuffer in, AckCursor cursor) {
        long floor = Varints.readLong(in);
        long mark = Varints.readLong(in);
        Roaring64Bitmap settled = bitmap(in);
        Roaring64Bitmap returned = bitmap(in);
        cursor.restore(floor, mark, settled, returned);
        int counts = Varints.readInt(in);
        for (int index = 0; index < counts; index++) {
            long offset = Varints.readLong(in);
            cursor.restoreCount(offset, Varints.readInt(in));
        }
    }

    private static Roaring64Bitmap bitmap(ByteBuffer in) {
        int size = Varints.readInt(in);
        Roaring64Bitmap bitmap = new Roaring64Bitmap();
        try {
            bitmap.deserialize(in.slice(in.position(), size));
        } catch (IOException e) {
            throw new LogFailedException("a snapshot of a cursor is damaged", e);
        }
        in.position(in.position() + size);
        return bitmap;
    }
}
