package io.taffrail.broker.message;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The encoder for the bytes of a {@link FieldTable}. */
final class ValueWriter {

    private static final int MAX_NAME_BYTES = 255;

    private ValueWriter() {}

    static byte[] table(Map<String, FieldValue> entries) {
        return bytes(out -> {
            for (Map.Entry<String, FieldValue> entry : entries.entrySet()) {
                byte[] name = ByteText.bytes(entry.getKey());
                if (name.length > MAX_NAME_BYTES) {
                    throw new IllegalArgumentException("a name of " + name.length + " bytes");
                }
                out.writeByte(name.length);
                out.write(name);
                write(out, entry.getValue());
            }
        });
    }

    private static void write(DataOutputStream out, FieldValue value) throws IOException {
        switch (value) {
            case FieldValue.Bool it -> tagged(out, 't').writeBoolean(it.value());
            case FieldValue.Int8 it -> tagged(out, 'b').writeByte(it.value());
            case FieldValue.UInt8 it -> tagged(out, 'B').writeByte(it.value());
            case FieldValue.Int16 it -> tagged(out, 's').writeShort(it.value());
            case FieldValue.UInt16 it -> tagged(out, 'u').writeShort(it.value());
            case FieldValue.Int32 it -> tagged(out, 'I').writeInt(it.value());
            case FieldValue.UInt32 it -> tagged(out, 'i').writeInt((int) it.value());
            case FieldValue.Int64 it -> tagged(out, 'l').writeLong(it.value());
            case FieldValue.Float32 it ->
                tagged(out, 'f').writeInt(Float.floatToRawIntBits(it.value()));
            case FieldValue.Float64 it ->
                tagged(out, 'd').writeLong(Double.doubleToRawLongBits(it.value()));
            case FieldValue.Decimal it -> {
                tagged(out, 'D').writeByte(it.scale());
                out.writeInt(it.unscaled());
            }
            case FieldValue.Text it ->
                block(tagged(out, 'S'), ByteText.bytes(it.value()));
            case FieldValue.Bytes it -> block(tagged(out, 'x'), it.value());
            case FieldValue.Timestamp it -> tagged(out, 'T').writeLong(it.seconds());
            case FieldValue.None _ -> out.writeByte('V');
            case FieldValue.ListOf it -> block(tagged(out, 'A'), list(it.values()));
            case FieldValue.TableOf it -> block(tagged(out, 'F'), it.table().bytes());
        }
    }

    private static byte[] list(List<FieldValue> values) {
        return bytes(out -> {
            for (FieldValue value : values) {
                write(out, value);
            }
        });
    }

    private static DataOutputStream tagged(DataOutputStream out, char tag) throws IOException {
        out.writeByte(tag);
        return out;
    }

    private static void block(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Writes content to an in-memory stream. */
    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
