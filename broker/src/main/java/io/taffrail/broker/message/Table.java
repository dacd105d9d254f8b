package io.taffrail.broker.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Named, typed values: message headers, arguments. Kept as the bytes they came in,
 * {@code (u8 length | name | u8 type | value)*} as AMQP 0-9-1 §4.2.5.5 lays them out (without the
 * length in front), and looked into when somebody asks. Equal if the bytes are. Immutable.
 */
public final class Table {

    public static final Table EMPTY = new Table(new byte[0]);

    private final byte[] bytes;
    private @Nullable Map<String, Value> entries;

    private Table(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A table of these bytes.
     *
     * @param bytes
     *            well-formed; not to be changed
     */
    public static Table of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Table(bytes);
    }

    /** A table of these values in their order. */
    public static Table of(Map<String, Value> entries) {
        return entries.isEmpty() ? EMPTY : of(ValueWriter.table(entries));
    }

    /** The encoded entries; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /**
     * All entries in order; of a name that repeats, the last. Not to be changed.
     *
     * @throws IllegalArgumentException
     *             if the bytes are not well-formed
     */
    public Map<String, Value> entries() {
        Map<String, Value> known = entries;
        if (known == null) {
            known = bytes.length == 0
                    ? Map.of()
                    : ValueReader.table(ByteBuffer.wrap(bytes), new LinkedHashMap<>());
            entries = known;
        }
        return known;
    }

    public Optional<Value> get(String name) {
        return bytes.length == 0 ? Optional.empty() : Optional.ofNullable(entries().get(name));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Table table && Arrays.equals(bytes, table.bytes);
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
