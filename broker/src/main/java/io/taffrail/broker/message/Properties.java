package io.taffrail.broker.message;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a message, as the bytes of the property section of AMQP 0-9-1 §4.2.6.1 (flags,
 * then the properties present, in their order). The bytes stay as received, and are parsed on
 * access:
 *
 * <pre>
 * u16 flags | content-type s | content-encoding s | headers table | delivery-mode u8 | priority u8
 *  | correlation-id s | reply-to s | expiration s | message-id s | timestamp u64 | type s
 *  | user-id s | app-id s | cluster-id s          (s: u8 length, bytes; table: u32 length, bytes)
 * </pre>
 *
 * The highest bit of the flags is that of content-type. The buffer belongs to the caller, who may
 * reuse it after the call that it was passed to.
 */
public final class Properties {

    /** A property, in the order of the section. */
    public enum Property {
        CONTENT_TYPE(0x8000, 's'),
        CONTENT_ENCODING(0x4000, 's'),
        HEADERS(0x2000, 'F'),
        DELIVERY_MODE(0x1000, 'B'),
        PRIORITY(0x0800, 'B'),
        CORRELATION_ID(0x0400, 's'),
        REPLY_TO(0x0200, 's'),
        EXPIRATION(0x0100, 's'),
        MESSAGE_ID(0x0080, 's'),
        TIMESTAMP(0x0040, 'T'),
        TYPE(0x0020, 's'),
        USER_ID(0x0010, 's'),
        APP_ID(0x0008, 's'),
        CLUSTER_ID(0x0004, 's');

        private final int flag;
        private final char form;

        Property(int flag, char form) {
            this.flag = flag;
            this.form = form;
        }
    }

    private static final Property[] ALL = Property.values();
    private static final byte[] NOTHING = new byte[2];

    private final ByteBuffer section;
    private final int flags;
    private @Nullable FieldTable headers;

    private Properties(ByteBuffer section) {
        this.section = section;
        this.flags = section.getShort(section.position()) & 0xFFFF;
    }

    /**
     * Wraps a property section.
     *
     * @param section
     *            the section is from position to limit and well-formed; both stay unchanged
     */
    public static Properties of(ByteBuffer section) {
        return new Properties(section);
    }

    /** A section without properties. */
    public static Properties none() {
        return new Properties(ByteBuffer.wrap(NOTHING).asReadOnlyBuffer());
    }

    /** The section, from position to limit; the caller must not change either. */
    public ByteBuffer section() {
        return section;
    }

    static boolean isFlagged(short flags, Property property) {
        return (flags & property.flag) != 0;
    }

    static short withFlag(short flags, Property property) {
        return (short) (flags | property.flag);
    }

    public boolean has(Property property) {
        return (flags & property.flag) != 0;
    }

    /** The value of a text property. */
    public Optional<String> text(Property property) {
        int at = find(property);
        if (at < 0) {
            return Optional.empty();
        }
        byte[] bytes = new byte[section.get(at) & 0xFF];
        section.get(at + 1, bytes);
        return Optional.of(ByteText.of(bytes));
    }

    /** The value of {@link Property#DELIVERY_MODE} or {@link Property#PRIORITY}, 0 to 255. */
    public OptionalInt octet(Property property) {
        int at = find(property);
        return at < 0 ? OptionalInt.empty() : OptionalInt.of(section.get(at) & 0xFF);
    }

    /** Seconds since 1970, as set by the publisher; the broker does not verify them. */
    public Optional<Long> timestamp() {
        int at = find(Property.TIMESTAMP);
        return at < 0 ? Optional.empty() : Optional.of(section.getLong(at));
    }

    /** The header table; empty if there is none. */
    public FieldTable headers() {
        FieldTable known = headers;
        if (known == null) {
            int at = find(Property.HEADERS);
            if (at < 0) {
                known = FieldTable.EMPTY;
            } else {
                byte[] bytes = new byte[section.getInt(at)];
                section.get(at + 4, bytes);
                known = FieldTable.of(bytes);
            }
            headers = known;
        }
        return known;
    }

    /** Position of a property in the section, or -1. */
    private int find(Property wanted) {
        if (!has(wanted)) {
            return -1;
        }
        int at = section.position() + 2;
        for (Property property : ALL) {
            if (property == wanted) {
                return at;
            }
            if (has(property)) {
                at += sizeAt(property, at);
            }
        }
        throw new IllegalStateException("a property that is none: " + wanted);
    }

    private int sizeAt(Property property, int at) {
        return switch (property.form) {
            case 's' -> 1 + (section.get(at) & 0xFF);
            case 'F' -> 4 + section.getInt(at);
            case 'B' -> 1;
            default -> 8;
        };
    }

    /** A copy that does not depend on the caller's buffer. */
    public Properties copy() {
        byte[] bytes = new byte[section.remaining()];
        section.get(section.position(), bytes);
        return new Properties(ByteBuffer.wrap(bytes));
    }

    /** A copy with another header table. */
    public Properties withHeaders(FieldTable table) {
        return edit(Property.HEADERS, ByteBuffer.allocate(4 + table.bytes().length)
                .putInt(table.bytes().length).put(table.bytes()).array());
    }

    /** A copy without a property. */
    public Properties without(Property property) {
        return has(property) ? edit(property, null) : this;
    }

    /** A copy with a text property. */
    public Properties withText(Property property, String text) {
        byte[] bytes = ByteText.bytes(text);
        return edit(property, ByteBuffer.allocate(1 + bytes.length).put((byte) bytes.length)
                .put(bytes).array());
    }

    /** A copy with {@link Property#DELIVERY_MODE} or {@link Property#PRIORITY}. */
    public Properties withOctet(Property property, int value) {
        return edit(property, new byte[]{(byte) value});
    }

    /** A copy with a timestamp. */
    public Properties withTimestamp(long seconds) {
        return edit(Property.TIMESTAMP, ByteBuffer.allocate(8).putLong(seconds).array());
    }

    private Properties edit(Property edited, byte @Nullable [] encoded) {
        int more = encoded == null ? 0 : encoded.length;
        ByteBuffer out = ByteBuffer.allocate(section.remaining() + more);
        int newFlags = encoded == null ? flags & ~edited.flag : flags | edited.flag;
        out.putShort((short) newFlags);
        int at = section.position() + 2;
        for (Property property : ALL) {
            int size = has(property) ? sizeAt(property, at) : 0;
            if (property != edited) {
                out.put(out.position(), section, at, size).position(out.position() + size);
            } else if (encoded != null) {
                out.put(encoded);
            }
            at += size;
        }
        return new Properties(out.flip());
    }

    /** The reason why the bytes are not one whole section; empty if they are. */
    public static Optional<String> problem(ByteBuffer section) {
        try {
            Properties properties = new Properties(section);
            if ((properties.flags & 3) != 0) {
                return Optional.of("more than 14 properties");
            }
            int at = section.position() + 2;
            for (Property property : ALL) {
                if (properties.has(property)) {
                    int size = properties.sizeAt(property, at);
                    if (size < 0 || size > section.limit() - at) {
                        return Optional.of(property + " ends too early");
                    }
                    at += size;
                }
            }
            return at == section.limit()
                    ? Optional.empty()
                    : Optional.of((section.limit() - at) + " bytes after the last property");
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            return Optional.of("it ends too early: " + e.getMessage());
        }
    }
}
