package io.taffrail.cli.control;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.PlainProperties;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.net.json.JsonBytes;
import java.nio.ByteBuffer;
import java.time.Instant;
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
        object.put("properties", PlainProperties.plain(Properties.of(message.properties())));
        JsonBytes.put("body", bytes(message.body()), object);
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
