package io.taffrail.broker.message;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The decoder for the bytes of a {@link FieldTable}. */
final class ValueReader {

    private ValueReader() {}

    /** Reads entries up to the buffer's limit into {@code into}, and returns it. */
    static Map<String, FieldValue> table(ByteBuffer in, Map<String, FieldValue> into) {
        try {
            while (in.hasRemaining()) {
                String name = text(in, in.get() & 0xFF);
                into.put(name, value(in, 0));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a table ends too early", e);
        }
        return into;
    }

    private static FieldValue value(ByteBuffer in, int depth) {
        if (depth > EnvelopeCheck.MAX_DEPTH) {
            throw new IllegalArgumentException("lists are nested too deep");
        }
        byte type = in.get();
        return switch (type) {
            case 't' -> new FieldValue.Bool(in.get() != 0);
            case 'b' -> new FieldValue.Int8(in.get());
            case 'B' -> new FieldValue.UInt8(in.get() & 0xFF);
            case 's' -> new FieldValue.Int16(in.getShort());
            case 'u' -> new FieldValue.UInt16(in.getShort() & 0xFFFF);
            case 'I' -> new FieldValue.Int32(in.getInt());
            case 'i' -> new FieldValue.UInt32(in.getInt() & 0xFFFFFFFFL);
            case 'l', 'L' -> new FieldValue.Int64(in.getLong());
            case 'f' -> new FieldValue.Float32(in.getFloat());
            case 'd' -> new FieldValue.Float64(in.getDouble());
            case 'D' -> new FieldValue.Decimal(in.get() & 0xFF, in.getInt());
            case 'S' -> new FieldValue.Text(text(in, in.getInt()));
            case 'x' -> new FieldValue.Bytes(bytes(in, in.getInt()));
            case 'T' -> new FieldValue.Timestamp(in.getLong());
            case 'V' -> new FieldValue.None();
            case 'A' -> new FieldValue.ListOf(list(ByteBuffer.wrap(bytes(in, in.getInt())), depth));
            case 'F' -> new FieldValue.TableOf(FieldTable.of(bytes(in, in.getInt())));
            default -> throw new IllegalArgumentException("a value of unknown type " + type);
        };
    }

    private static List<FieldValue> list(ByteBuffer in, int depth) {
        List<FieldValue> values = new ArrayList<>();
        while (in.hasRemaining()) {
            values.add(value(in, depth + 1));
        }
        return List.copyOf(values);
    }

    private static String text(ByteBuffer in, int length) {
        return ByteText.of(bytes(in, length));
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a value of " + length + " bytes where "
                    + in.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
