package io.taffrail.http.console;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.PlainProperties;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form in which messages are shown.
 *
 * @param mostBytes
 *            a longer body is cut there
 */
record MessageForm(int mostBytes) {

    /** Copies a message into an object. */
    Map<String, @Nullable Object> object(StoredMessage message, long offset) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("offset", offset);
        object.put("timestamp", message.timestampMs());
        object.put("exchange", ByteText.of(message.exchange()));
        object.put("routing_key", ByteText.of(message.routingKey()));
        object.put("properties", PlainProperties.plain(Properties.of(message.properties())));
        ByteBuffer body = message.body();
        object.put("payload_bytes", body.remaining());
        byte[] bytes = new byte[Math.min(body.remaining(), mostBytes)];
        body.get(body.position(), bytes);
        object.put("truncated", bytes.length < body.remaining());
        payload(bytes, bytes.length < body.remaining(), object);
        return object;
    }

    /** UTF-8 is shown as text, also if the cut divides a character; all else is in base64. */
    private static void payload(byte[] bytes, boolean cut,
            Map<String, @Nullable Object> object) {
        for (int left = bytes.length; left >= bytes.length - (cut ? 3 : 0) && left >= 0; left--) {
            try {
                object.put("payload", StandardCharsets.UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 0, left)).toString());
                object.put("payload_encoding", "string");
                return;
            } catch (CharacterCodingException _) {
                // A shorter text, or base64 below.
            }
        }
        object.put("payload", Base64.getEncoder().encodeToString(bytes));
        object.put("payload_encoding", "base64");
    }
}
