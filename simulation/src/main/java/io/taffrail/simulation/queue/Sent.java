package io.taffrail.simulation.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A published message.
 *
 * @param atMs
 *            time of the publish, in milliseconds
 * @param expirationMs
 *            its own time-to-live in milliseconds; -1 for none
 * @param delayMs
 *            delay before it is routed, in milliseconds; 0 for none
 * @param priority
 *            its priority; -1 for none
 */
record Sent(int id, String exchange, String key, long atMs, int expirationMs, int delayMs,
        int priority, int padding) {

    String body() {
        return id + ":" + "x".repeat(padding);
    }

    /** True if it is dropped when another message with its key came before. */
    boolean isOnce() {
        return exchange.equals(QueuesPlan.ONCE);
    }

    /** Returns the id in a body. */
    static int idOf(String body) {
        return Integer.parseInt(body.substring(0, body.indexOf(':')));
    }

    Message message() {
        Properties properties = Properties.none();
        if (expirationMs >= 0) {
            properties = properties.withText(Property.EXPIRATION, String.valueOf(expirationMs));
        }
        if (delayMs > 0) {
            properties = properties
                    .withHeaders(FieldTable.of(Map.of("x-delay", new FieldValue.Int32(delayMs))));
        }
        if (exchange.equals(QueuesPlan.HEADERS)) {
            properties = properties
                    .withHeaders(
                            FieldTable.of(Map.of(QueuesPlan.HEADER, new FieldValue.Text(key))));
        }
        if (isOnce()) {
            properties = properties.withHeaders(
                    FieldTable.of(Map.of("x-deduplication-header", new FieldValue.Text(key))));
        }
        if (priority >= 0) {
            properties = properties.withOctet(Property.PRIORITY, priority);
        }
        return new Message(exchange, key, properties,
                ByteBuffer.wrap(body().getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return "m" + id;
    }
}
