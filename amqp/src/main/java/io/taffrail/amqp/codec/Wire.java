package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Elementary data types (AMQP 0-9-1 §4.2.5). */
final class Wire {

    private static final int MAX_SHORT_STRING_BYTES = 255;

    private Wire() {}

    /** {@code u8 length | bytes}, read as UTF-8. */
    static String shortString(ByteBuf in) {
        int length = in.readUnsignedByte();
        return length == 0 ? "" : in.readString(length, StandardCharsets.UTF_8);
    }

    /** Writes at most 255 bytes; a longer text is cut at a whole character. */
    static void shortString(ByteBuf out, String text) {
        int lengthAt = out.writerIndex();
        out.writeByte(0);
        int length = out.writeCharSequence(text, StandardCharsets.UTF_8);
        if (length > MAX_SHORT_STRING_BYTES) {
            length = wholeCharacters(out, lengthAt + 1);
            out.writerIndex(lengthAt + 1 + length);
        }
        out.setByte(lengthAt, length);
    }

    private static int wholeCharacters(ByteBuf out, int from) {
        int length = MAX_SHORT_STRING_BYTES;
        while (length > 0 && (out.getByte(from + length) & 0xC0) == 0x80) {
            length--;
        }
        return length;
    }

    /** {@code u32 length | bytes}, read as UTF-8. */
    static String longText(ByteBuf in) {
        return in.readString(length(in), StandardCharsets.UTF_8);
    }

    static void longText(ByteBuf out, String text) {
        out.writeInt(ByteBufUtil.utf8Bytes(text));
        ByteBufUtil.writeUtf8(out, text);
    }

    /** {@code u32 length | bytes}. */
    static byte[] longBytes(ByteBuf in) {
        byte[] bytes = new byte[length(in)];
        in.readBytes(bytes);
        return bytes;
    }

    static void longBytes(ByteBuf out, byte[] bytes) {
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    /** A length that the rest of the buffer can hold; checked before anything is allocated. */
    static int length(ByteBuf in) {
        long length = in.readUnsignedInt();
        if (length > in.readableBytes()) {
            throw new IndexOutOfBoundsException(
                    length + " bytes announced, " + in.readableBytes() + " left");
        }
        return (int) length;
    }

    /** Up to eight bits in one octet, the first in the lowest (§4.2.5.2). */
    static int bits(boolean... bits) {
        int octet = 0;
        for (int i = 0; i < bits.length; i++) {
            if (bits[i]) {
                octet |= 1 << i;
            }
        }
        return octet;
    }
}
