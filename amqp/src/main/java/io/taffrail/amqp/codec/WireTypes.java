package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.taffrail.broker.message.ByteText;

/** Reads and writes elementary data types (AMQP 0-9-1 §4.2.5). */
final class WireTypes {

    private static final int MAX_SHORT_STRING_BYTES = 255;

    private WireTypes() {}

    /**
     * Reads {@code u8 length | bytes} that must be UTF-8: a name.
     *
     * @throws AmqpException
     *             501 if it is not UTF-8, with RabbitMQ's text
     */
    static String shortString(ByteBuf in) {
        String text = shortBytes(in);
        if (!ByteText.isUtf8(text)) {
            throw new AmqpException(ReplyCode.FRAME_ERROR, "Malformed UTF-8 in shortstr");
        }
        return text;
    }

    /** Reads {@code u8 length | bytes} of any content: exchange and routing key of a publish. */
    static String shortBytes(ByteBuf in) {
        int length = in.readUnsignedByte();
        if (length == 0) {
            return "";
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return ByteText.of(bytes);
    }

    /** Writes at most 255 bytes; a longer text is cut at a character boundary. */
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

    /** Reads {@code u32 length | bytes} as a {@link ByteText}. */
    static String longText(ByteBuf in) {
        return ByteText.of(longBytes(in));
    }

    static void longText(ByteBuf out, String text) {
        longBytes(out, ByteText.bytes(text));
    }

    /** Reads {@code u32 length | bytes}. */
    static byte[] longBytes(ByteBuf in) {
        byte[] bytes = new byte[length(in)];
        in.readBytes(bytes);
        return bytes;
    }

    static void longBytes(ByteBuf out, byte[] bytes) {
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    /** Reads a length and checks it against the remaining bytes before anything is allocated. */
    static int length(ByteBuf in) {
        long length = in.readUnsignedInt();
        if (length > in.readableBytes()) {
            throw new IndexOutOfBoundsException(
                    length + " bytes announced, " + in.readableBytes() + " left");
        }
        return (int) length;
    }

    /** Packs up to eight bits into one octet, lowest bit first (§4.2.5.2). */
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
