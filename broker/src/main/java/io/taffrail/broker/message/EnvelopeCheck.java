package io.taffrail.broker.message;

import java.nio.ByteBuffer;

/**
 * The validation of message envelopes, {@code u8 length | exchange | property section}, down to the
 * last nested table. A log client can write any bytes there; a record that fails the check is a
 * foreign record. The check runs for every message that is read, so it allocates nothing. Its rules
 * are those of the AMQP head, except for the depth: headers that the broker adds, such as
 * {@code x-death}, nest a publisher's tables deeper.
 */
final class EnvelopeCheck {

    /** Deepest nesting of tables and lists. */
    static final int MAX_DEPTH = 128;

    private static final String FORMS = "ssFBBssssTssss";
    private static final int FIRST_FLAG = 0x8000;
    private static final int NO_PROPERTY = 3;
    private static final int SMALLEST_BYTES = 3;
    /** Result for malformed input, also where a length exceeds the end. */
    private static final int BROKEN = -1;

    private EnvelopeCheck() {}

    /** Whether {@code length} bytes at {@code at}, which are within the buffer, are an envelope. */
    static boolean isWhole(ByteBuffer in, int at, int length) {
        if (length < SMALLEST_BYTES) {
            return false;
        }
        int end = at + length;
        int section = at + 1 + (in.get(at) & 0xFF);
        return end - section >= Short.BYTES && isSection(in, section, end);
    }

    private static boolean isSection(ByteBuffer in, int from, int end) {
        int flags = in.getShort(from) & 0xFFFF;
        if ((flags & NO_PROPERTY) != 0) {
            return false;
        }
        int at = from + Short.BYTES;
        for (int index = 0; index < FORMS.length() && at != BROKEN; index++) {
            if ((flags & FIRST_FLAG >> index) != 0) {
                at = property(in, at, end, FORMS.charAt(index));
            }
        }
        return at == end;
    }

    private static int property(ByteBuffer in, int at, int end, char form) {
        return switch (form) {
            case 's' -> end - at < 1 ? BROKEN : skip(at, 1L + (in.get(at) & 0xFF), end);
            case 'B' -> skip(at, 1, end);
            case 'T' -> skip(at, Long.BYTES, end);
            default -> block(in, at, end, 'F', 0);
        };
    }

    private static int skip(int at, long bytes, int end) {
        return bytes > end - at ? BROKEN : (int) (at + bytes);
    }

    /** Returns the end of the table or list whose length is at {@code at}. */
    private static int block(ByteBuffer in, int at, int end, char type, int depth) {
        if (end - at < Integer.BYTES || depth > MAX_DEPTH) {
            return BROKEN;
        }
        int last = skip(at, Integer.BYTES + (in.getInt(at) & 0xFFFFFFFFL), end);
        int next = at + Integer.BYTES;
        while (last != BROKEN && next < last) {
            int value = type == 'F' ? skip(next, 1L + (in.get(next) & 0xFF), last) : next;
            next = value == BROKEN ? BROKEN : value(in, value, last, depth);
            if (next == BROKEN) {
                return BROKEN;
            }
        }
        return last;
    }

    /** Returns the end of the value whose type is at {@code at}. */
    private static int value(ByteBuffer in, int at, int end, int depth) {
        if (at >= end) {
            return BROKEN;
        }
        int from = at + 1;
        byte type = in.get(at);
        return switch (type) {
            case 'V' -> from;
            case 'b', 'B', 't' -> skip(from, 1, end);
            case 's', 'u' -> skip(from, Short.BYTES, end);
            case 'I', 'i', 'f' -> skip(from, Integer.BYTES, end);
            case 'D' -> skip(from, 1 + Integer.BYTES, end);
            case 'l', 'L', 'd', 'T' -> skip(from, Long.BYTES, end);
            case 'S', 'x' -> end - from < Integer.BYTES
                    ? BROKEN
                    : skip(from, Integer.BYTES + (in.getInt(from) & 0xFFFFFFFFL), end);
            case 'A', 'F' -> block(in, from, end, (char) type, depth + 1);
            default -> BROKEN;
        };
    }
}
