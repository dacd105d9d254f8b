package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;

/**
 * Checks that a field table is well-formed, by walking over its bytes without creating objects.
 * Field types are RabbitMQ's, which differ from the specification ({@code s} is a 16-bit integer).
 */
final class FieldCheck {

    /** Maximum nesting of tables and arrays; a frame has room for thousands. */
    private static final int MAX_DEPTH = 64;

    private FieldCheck() {}

    /**
     * Checks the table of {@code length} bytes at {@code at}; the buffer's indexes do not change.
     *
     * @throws AmqpException
     *             501, 502 or 541 if the table is malformed
     * @throws IndexOutOfBoundsException
     *             if it goes beyond the end of the buffer
     */
    static void table(ByteBuf in, int at, int length) {
        table(in, at, at + length, 0);
    }

    private static void table(ByteBuf in, int from, int end, int depth) {
        deepEnough(depth);
        int at = from;
        while (at < end) {
            int nameEnd = at + 1 + in.getUnsignedByte(at);
            within(nameEnd, end);
            at = value(in, nameEnd, end, depth);
        }
    }

    private static void array(ByteBuf in, int from, int end, int depth) {
        deepEnough(depth);
        int at = from;
        while (at < end) {
            at = value(in, at, end, depth);
        }
    }

    /** Returns the end index of the value whose type octet is at {@code at}. */
    private static int value(ByteBuf in, int at, int end, int depth) {
        within(at + 1, end);
        int type = in.getUnsignedByte(at);
        int from = at + 1;
        int valueEnd = switch (type) {
            case 'V' -> from;
            case 'b', 'B', 't' -> from + 1;
            case 's', 'u' -> from + 2;
            case 'I', 'i', 'f' -> from + 4;
            case 'D' -> from + 5;
            case 'l', 'L', 'd', 'T' -> from + 8;
            case 'S', 'x', 'A', 'F' -> longEnd(in, from, end);
            default -> throw new AmqpException(ReplyCode.INTERNAL_ERROR,
                    "a field has the unknown type " + type);
        };
        within(valueEnd, end);
        if (type == 'A') {
            array(in, from + 4, valueEnd, depth + 1);
        } else if (type == 'F') {
            table(in, from + 4, valueEnd, depth + 1);
        }
        return valueEnd;
    }

    private static int longEnd(ByteBuf in, int at, int end) {
        within(at + 4, end);
        long valueEnd = at + 4L + in.getUnsignedInt(at);
        if (valueEnd > end) {
            throw overrun();
        }
        return (int) valueEnd;
    }

    private static void within(int at, int end) {
        if (at > end) {
            throw overrun();
        }
    }

    private static void deepEnough(int depth) {
        if (depth > MAX_DEPTH) {
            throw new AmqpException(ReplyCode.SYNTAX_ERROR,
                    "field tables and arrays are nested more than " + MAX_DEPTH + " deep");
        }
    }

    private static AmqpException overrun() {
        return new AmqpException(ReplyCode.FRAME_ERROR, "a field goes beyond the end of its table");
    }
}
