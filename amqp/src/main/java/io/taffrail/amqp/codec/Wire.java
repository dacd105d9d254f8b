package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.taffrail.broker.message.ByteText;

/** Elementary data types (AMQP 0-9-1 §4.2.5). */
final class Wire {

    private static final int MAX_SHORT_STRING_BYTES = 255;

    private Wire() {}

    /**
     * {@code u8 length | bytes} that have to be UTF-8: names.
     *
     * @throws AmqpException
     *             501 if they are not, as RabbitMQ says it
     */
    static String shortString(ByteBuf in) {
        String text = shortBytes(in);
        if (!ByteText.isUtf8(text)) {
            throw new AmqpException(ReplyCode.FRAME_ERROR, "Malformed UTF-8 in shortstr");
        }
        return text;
    }

    /** {@code u8 length | bytes}, whatever they are: where and by which key one publishes. */
    static String shortBytes(ByteBuf in) {
        int length = in.readUnsignedByte();
        if (length == 0) {
            return "";
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return ByteText.of(bytes);
    }

    /** Writes at most 255 bytes; a longer text is cut at a whole character. */
    static void shortString(ByteBuf out, String text) {
        byte[] bytes = ByteText.bytes(text);
        int length = bytes.length > MAX_SHORT_STRING_BYTES
                ? wholeCharacters(bytes)
                : bytes.length;
        out.writeByte(length).writeBytes(bytes, 0, length);
    }

    private static int wholeCharacters(byte[] text) {
        int length = MAX_SHORT_STRING_BYTES;
        while (length > 0 && (text[length] & 0xC0) == 0x80) {
            length--;
        }
        return length;
    }

    /** {@code u32 length | bytes}, read as {@link ByteText}. */
    static String longText(ByteBuf in) {
        return ByteText.of(longBytes(in));
    }

    static void longText(ByteBuf out, String text) {
        longBytes(out, ByteText.bytes(text));
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
