package io.taffrail.cli.control;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.net.json.JsonBytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message of a queue as a JSON object; a body that is not UTF-8 is in base64. */
final class MessageJson {

    private MessageJson() {}

    /** Copies a message into an object; its buffers are not used afterwards. */
    static void put(StoredMessage message, boolean redelivered,
            Map<String, @Nullable Object> object) {
        object.put("exchange", text(message.exchange()));
        object.put("routing_key", text(message.routingKey()));
        object.put("redelivered", redelivered);
        object.put("received", Instant.ofEpochMilli(message.timestampMs()).toString());
        object.put("properties", properties(Properties.of(message.properties())));
        JsonBytes.put("body", bytes(message.body()), object);
    }

    private static Map<String, Object> properties(Properties properties) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (Property property : Property.values()) {
            if (!properties.has(property)) {
                continue;
            }
            Object value = switch (property) {
                case HEADERS -> PlainTables.plain(properties.headers());
                case DELIVERY_MODE, PRIORITY -> properties.octet(property).orElseThrow();
                case TIMESTAMP -> properties.timestamp().orElseThrow();
                case CONTENT_TYPE, CONTENT_ENCODING, CORRELATION_ID, REPLY_TO, EXPIRATION,
                        MESSAGE_ID, TYPE, USER_ID, APP_ID, CLUSTER_ID ->
                    properties.text(property).orElseThrow();
            };
            object.put(property.name().toLowerCase(Locale.ROOT), value);
        }
        return object;
    }

    private static String text(ByteBuffer buffer) {
        return ByteText.of(bytes(buffer));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
