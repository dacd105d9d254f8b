package io.taffrail.http.management;

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
 * How a message is shown.
 *
 * @param base64
 *            always in base64; otherwise only a body that is not UTF-8
 * @param mostBytes
 *            the body is cut behind so many bytes
 */
record PayloadForm(boolean base64, long mostBytes) {

    /** Copies a message into an object; its buffers are not used afterwards. */
    Map<String, @Nullable Object> object(StoredMessage message, boolean redelivered, long left) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        ByteBuffer body = message.body();
        byte[] bytes = new byte[(int) Math.min(body.remaining(), Math.max(0, mostBytes))];
        body.get(body.position(), bytes);
        object.put("payload_bytes", body.remaining());
        object.put("redelivered", redelivered);
        object.put("exchange", text(message.exchange()));
        object.put("routing_key", text(message.routingKey()));
        object.put("message_count", left);
        object.put("properties", PlainProperties.plain(Properties.of(message.properties())));
        payload(bytes, object);
        return object;
    }

    private void payload(byte[] bytes, Map<String, @Nullable Object> object) {
        if (!base64) {
            try {
                object.put("payload", StandardCharsets.UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(bytes)).toString());
                object.put("payload_encoding", "string");
                return;
            } catch (CharacterCodingException _) {
                // Base64 below.
            }
        }
        object.put("payload", Base64.getEncoder().encodeToString(bytes));
        object.put("payload_encoding", "base64");
    }

    private static String text(ByteBuffer buffer) {
        return ByteText.of(buffer);
    }
}
