package io.taffrail.broker.topic;

import io.taffrail.log.LogFailedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The stored form of a topic in the metadata store, format 1.0:
 *
 * <pre>
 * u8 major | u8 minor | i64 i64 id | u8 flags (1: internal) | i32 partitions
 * | i32 overrides | overrides x (UTF name | UTF value)
 * </pre>
 *
 * Numbers are big-endian, UTF is {@link DataOutputStream#writeUTF}'s. A reader ignores fields that
 * a later minor version appends, and refuses a later major version.
 */
record TopicRecord(UUID id, boolean internal, int partitions, Map<String, String> overrides) {

    private static final int MAJOR = 1;
    private static final int MINOR = 0;

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(MAJOR);
            out.writeByte(MINOR);
            out.writeLong(id.getMostSignificantBits());
            out.writeLong(id.getLeastSignificantBits());
            out.writeByte(internal ? 1 : 0);
            out.writeInt(partitions);
            out.writeInt(overrides.size());
            for (Map.Entry<String, String> override : overrides.entrySet()) {
                out.writeUTF(override.getKey());
                out.writeUTF(override.getValue());
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
    static TopicRecord decode(String key, byte[] value) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            int major = in.readUnsignedByte();
            if (major != MAJOR) {
                throw new LogFailedException(
                        "the entry " + key + " of the metadata store has format "
                                + major + ", which this version cannot read");
            }
            in.readUnsignedByte();
            UUID id = new UUID(in.readLong(), in.readLong());
            boolean internal = (in.readUnsignedByte() & 1) != 0;
            int partitions = in.readInt();
            int count = in.readInt();
            Map<String, String> overrides = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                overrides.put(in.readUTF(), in.readUTF());
            }
            return new TopicRecord(id, internal, partitions, overrides);
        } catch (IOException e) {
            throw new LogFailedException("the entry " + key + " of the metadata store is damaged",
                    e);
        }
    }
}
