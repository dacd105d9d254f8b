package io.taffrail.broker.message;

import io.taffrail.broker.message.Properties.Property;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An encoder that adds one header with an integer value to property sections. It copies the section
 * once, into a reused buffer, and parses the header table only if it seems to have the header
 * already. Not thread-safe.
 */
public final class AddedHeader {

    private static final int INITIAL_BYTES = 256;
    private static final int LENGTH_BYTES = 4;

    private final String name;
    private final byte[] entry;
    private final int valueAt;
    private ByteBuffer out = ByteBuffer.allocate(INITIAL_BYTES);

    public AddedHeader(String name) {
        this.name = name;
        byte[] encoded = name.getBytes(StandardCharsets.US_ASCII);
        this.valueAt = encoded.length + 2;
        this.entry = ByteBuffer.allocate(valueAt + Long.BYTES).put((byte) encoded.length)
                .put(encoded).put((byte) 'l').array();
    }

    /** Returns the section with the header; valid until the next call. */
    public ByteBuffer in(ByteBuffer section, long value) {
        int start = section.position();
        int tableAt = start + 2;
        short flags = section.getShort(start);
        if (Properties.isFlagged(flags, Property.CONTENT_TYPE)) {
            tableAt += 1 + (section.get(tableAt) & 0xFF);
        }
        if (Properties.isFlagged(flags, Property.CONTENT_ENCODING)) {
            tableAt += 1 + (section.get(tableAt) & 0xFF);
        }
        boolean hasTable = Properties.isFlagged(flags, Property.HEADERS);
        int tableBytes = hasTable ? section.getInt(tableAt) : 0;
        if (tableBytes > 0 && seemsToHave(section, tableAt + LENGTH_BYTES, tableBytes)) {
            return replaced(section, value);
        }
        int restAt = hasTable ? tableAt + LENGTH_BYTES : tableAt;
        room(section.remaining() + LENGTH_BYTES + entry.length);
        out.clear();
        copy(section, start, tableAt - start);
        out.putShort(0, Properties.withFlag(flags, Property.HEADERS));
        out.putInt(tableBytes + entry.length);
        out.put(entry, 0, valueAt).putLong(value);
        copy(section, restAt, section.limit() - restAt);
        return out.flip();
    }

    private void copy(ByteBuffer from, int at, int length) {
        out.put(out.position(), from, at, length).position(out.position() + length);
    }

    private void room(int bytes) {
        if (out.capacity() < bytes) {
            out = ByteBuffer.allocate(Math.max(bytes, 2 * out.capacity()));
        }
    }

    /** Whether the header's length and name occur anywhere in the table's bytes. */
    private boolean seemsToHave(ByteBuffer section, int at, int length) {
        ByteBuffer wanted = ByteBuffer.wrap(entry, 0, valueAt - 1);
        for (int from = at; from <= at + length - valueAt; from++) {
            if (section.get(from) == entry[0]
                    && section.slice(from, wanted.remaining()).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private ByteBuffer replaced(ByteBuffer section, long value) {
        Properties properties = Properties.of(section);
        Map<String, FieldValue> headers = new LinkedHashMap<>(properties.headers().entries());
        headers.put(name, new FieldValue.Int64(value));
        return properties.withHeaders(FieldTable.of(headers)).section();
    }
}
