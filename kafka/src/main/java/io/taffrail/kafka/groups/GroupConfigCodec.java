package io.taffrail.kafka.groups;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Codec of a group's stored overrides:
 *
 * <pre>
 * version: 1 byte, 1   count: 4 bytes   count × (name, value), each as 2 bytes length and UTF-8
 * </pre>
 */
final class GroupConfigCodec {

    private static final int VERSION = 1;

    private GroupConfigCodec() {}

    static byte[] encode(Map<String, String> overrides) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(overrides.size());
            for (Map.Entry<String, String> override : overrides.entrySet()) {
                out.writeUTF(override.getKey());
                out.writeUTF(override.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Map<String, String> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException(
                        "settings of a group have format " + version + ", known is " + VERSION);
            }
            Map<String, String> overrides = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                overrides.put(in.readUTF(), in.readUTF());
            }
            return overrides;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
