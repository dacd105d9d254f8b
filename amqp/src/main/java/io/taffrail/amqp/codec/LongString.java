package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.taffrail.broker.message.ByteText;
import java.util.Arrays;

/**
 * A long string: bytes that need not be text (AMQP 0-9-1 §4.2.5.3).
 *
 * @param bytes
 *            not copied; must not be changed
 */
public record LongString(byte[] bytes) {

    /** The bytes of a {@link ByteText}. */
    public static LongString of(String text) {
        return new LongString(ByteText.bytes(text));
    }

    static LongString read(ByteBuf in) {
        return new LongString(WireTypes.longBytes(in));
    }

    void write(ByteBuf out) {
        WireTypes.longBytes(out, bytes);
    }

    /** The bytes as a {@link ByteText}. */
    public String text() {
        return ByteText.of(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LongString string && Arrays.equals(bytes, string.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Omits the content, which may be a password. */
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
