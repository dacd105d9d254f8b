package io.taffrail.verify.load;

import io.taffrail.verify.history.HistoryException;
import io.taffrail.verify.history.Value;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The payload of a message, which contains its identity: {@code CRC VALUE PLACE xxx…}.
 * The CRC-32C, in eight hexadecimal digits, covers all bytes after it. The padding differs
 * from message to message.
 */
public final class Payload {

    private static final int CRC_CHARS = 8;
    private static final int SHOWN_CHARS = 60;

    private Payload() {}

    /** Encodes a message of at least {@code sizeBytes}; it is longer if its identity needs more. */
    public static byte[] encode(long value, String place, int sizeBytes) {
        String text = " " + Value.text(value) + " " + place + " ";
        StringBuilder body = new StringBuilder(Math.max(sizeBytes, text.length())).append(text);
        char filling = (char) ('a' + Value.sequence(value) % 26);
        while (body.length() < sizeBytes - CRC_CHARS) {
            body.append(filling);
        }
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[CRC_CHARS + bytes.length];
        byte[] crc = crc(bytes, 0).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(crc, 0, whole, 0, CRC_CHARS);
        System.arraycopy(bytes, 0, whole, CRC_CHARS, bytes.length);
        return whole;
    }

    /**
     * Returns the identity of a message; {@link Value#NONE} if the payload is damaged or was
     * sent to another place.
     */
    public static long decode(byte[] bytes, String place) {
        if (bytes.length <= CRC_CHARS || !crc(bytes, CRC_CHARS)
                .equals(new String(bytes, 0, CRC_CHARS, StandardCharsets.US_ASCII))) {
            return Value.NONE;
        }
        String[] words = new String(bytes, StandardCharsets.UTF_8).split(" ", 4);
        if (words.length < 3 || !words[2].equals(place)) {
            return Value.NONE;
        }
        try {
            return Value.parse(words[1]);
        } catch (HistoryException e) {
            return Value.NONE;
        }
    }

    /**
     * Returns the word after the place, which the sender has appended to it.
     *
     * @throws HistoryException
     *             if there is none
     */
    public static String content(byte[] bytes) {
        String[] words = new String(bytes, StandardCharsets.UTF_8).split(" ", 5);
        if (words.length < 5) {
            throw new HistoryException("a message without content: " + shown(bytes));
        }
        return words[3];
    }

    /** Returns the beginning of an unrecognised payload, for the history. */
    public static String shown(byte[] bytes) {
        int length = Math.min(bytes.length, SHOWN_CHARS);
        return bytes.length + " bytes: "
                + new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static String crc(byte[] bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return String.format("%08x", crc.getValue());
    }
}
