package io.taffrail.broker.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * The lossless mapping between byte strings and text. Bytes are decoded as UTF-8; each byte that is
 * not part of a character becomes the lone low surrogate {@code U+DC00 + byte}, which UTF-8 never
 * yields (Python's PEP 383, {@code surrogateescape}). Different bytes give different text, and
 * {@link #bytes} reverses {@link #of}. So names, keys and header values of AMQP can be compared,
 * sorted and looked up as strings; values in UTF-8, nearly all, are ordinary text.
 */
public final class ByteText {

    private static final char REPLACEMENT = '\uFFFD';
    private static final char ESCAPE = '\uDC00';
    private static final char FIRST_ESCAPED = '\uDC80';
    private static final char LAST_ESCAPED = '\uDCFF';

    private ByteText() {}

    /** Decodes all bytes of an array. */
    public static String of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : escaped(ByteBuffer.wrap(bytes));
    }

    /** Decodes the bytes from position to limit; both stay unchanged. */
    public static String of(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return of(copy);
    }

    private static String escaped(ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        while (bytes.hasRemaining()) {
            CoderResult result = decoder.decode(bytes, text, true);
            if (result.isMalformed()) {
                text.put((char) (ESCAPE + (bytes.get() & 0xFF)));
            }
        }
        return text.flip().toString();
    }

    /** Encodes a text. A lone surrogate that {@link #of} never makes becomes a question mark. */
    public static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (byte each : bytes) {
            if (each == '?') {
                return isUtf8(text) ? bytes : unescaped(text);
            }
        }
        return bytes;
    }

    private static byte[] unescaped(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            if (isEscape(text, at)) {
                out.writeBytes(text.substring(from, at).getBytes(StandardCharsets.UTF_8));
                out.write(text.charAt(at) - ESCAPE);
                from = at + 1;
            }
        }
        out.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    /** Whether the text stands for bytes that are UTF-8. */
    public static boolean isUtf8(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (isEscape(text, at)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEscape(String text, int at) {
        char each = text.charAt(at);
        return each >= FIRST_ESCAPED && each <= LAST_ESCAPED
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
