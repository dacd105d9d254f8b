package io.taffrail.broker.topic;

import io.taffrail.log.LogFailedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The stored form of settings in the metadata store, format 1.0:
 *
 * <pre>
 * u8 major | u8 minor | i32 count | count x (UTF name | UTF value)
 * </pre>
 *
 * Numbers are big-endian, UTF is {@link DataOutputStream#writeUTF}'s. A reader ignores fields that
 * a later minor version appends, and refuses a later major version.
 */
final class SettingsRecord {

    private static final int MAJOR = 1;
    private static final int MINOR = 0;

    private SettingsRecord() {}

    static byte[] encode(Map<String, String> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(MAJOR);
            out.writeByte(MINOR);
            out.writeInt(values.size());
            for (Map.Entry<String, String> value : new TreeMap<>(values).entrySet()) {
                out.writeUTF(value.getKey());
                out.writeUTF(value.getValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Decodes the result of {@link #encode}.
     *
     * @param key
     *            the key in the store, for error texts
     */
    static Map<String, String> decode(String key, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int major = in.readUnsignedByte();
            if (major != MAJOR) {
                throw new LogFailedException("the entry " + key
                        + " of the metadata store has format " + major
                        + ", which this version cannot read");
            }
            in.readUnsignedByte();
            Map<String, String> values = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                values.put(in.readUTF(), in.readUTF());
            }
            return values;
        } catch (IOException e) {
            throw new LogFailedException("the entry " + key + " of the metadata store is damaged",
                    e);
        }
    }
}
