package io.taffrail.broker.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of named, typed values: message headers or arguments. It consists of the bytes received,
 * {@code (u8 length | name | u8 type | value)*} as in AMQP 0-9-1 §4.2.5.5 but without the leading
 * length, which are parsed on access. Two tables are equal if their bytes are. Immutable.
 */
public final class FieldTable {

    public static final FieldTable EMPTY = new FieldTable(new byte[0]);

    private final byte[] bytes;
    private @Nullable Map<String, FieldValue> entries;

    private FieldTable(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Wraps encoded entries.
     *
     * @param bytes
     *            well-formed; the caller must not change them afterwards
     */
    public static FieldTable of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new FieldTable(bytes);
    }

    /** Encodes a table with these values, in their order. */
    public static FieldTable of(Map<String, FieldValue> entries) {
        return entries.isEmpty() ? EMPTY : of(ValueWriter.table(entries));
    }

    /** The encoded entries; the caller must not change them. */
    public byte[] bytes() {
        return bytes;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /**
     * All entries in order; for a repeated name, the last one. The caller must not change the map.
     *
     * @throws IllegalArgumentException
     *             if the bytes are not well-formed
     */
    public Map<String, FieldValue> entries() {
        Map<String, FieldValue> known = entries;
        if (known == null) {
            known = bytes.length == 0
                    ? Map.of()
                    : ValueReader.table(ByteBuffer.wrap(bytes), new LinkedHashMap<>());
            entries = known;
        }
        return known;
    }

    public Optional<FieldValue> get(String name) {
        return bytes.length == 0 ? Optional.empty() : Optional.ofNullable(entries().get(name));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldTable table && Arrays.equals(bytes, table.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        try {
            return entries().toString();
        } catch (IllegalArgumentException e) {
            return "malformed " + HexFormat.of().formatHex(bytes) + ": " + e.getMessage();
        }
    }
}
