package io.taffrail.broker.cursor;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.Varints;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * The record of a whole cursor, which replaces every record before it:
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
        byte[] settled = bytes(cursor.settledBits());
        byte[] returned = bytes(cursor.returnedBits());
        ByteBuffer out = ByteBuffer.allocate(64 + settled.length + returned.length
                + 15 * cursor.countsSize());
        out.put(KIND);
        Varints.write(out, cursor.floor());
        Varints.write(out, cursor.mark());
        Varints.write(out, settled.length);
        out.put(settled);
        Varints.write(out, returned.length);
        out.put(returned);
        Varints.write(out, cursor.countsSize());
        cursor.counts((offset, count) -> {
            Varints.write(out, offset);
            Varints.write(out, count);
        });
        return out.flip();
    }

    private static byte[] bytes(Roaring64Bitmap bitmap) {
        bitmap.runOptimize();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            bitmap.serialize(out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Sets a cursor from a record; {@code in} is positioned behind the kind. */
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
        byte[] bytes = new byte[Varints.readInt(in)];
        in.get(bytes);
        Roaring64Bitmap bitmap = new Roaring64Bitmap();
        try (DataInputStream stream = new DataInputStream(new ByteArrayInputStream(bytes))) {
            bitmap.deserialize(stream);
        } catch (IOException e) {
            throw new LogFailedException("a snapshot of a cursor is damaged", e);
        }
        return bitmap;
    }
}
