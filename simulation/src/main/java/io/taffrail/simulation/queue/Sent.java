package io.taffrail.simulation.queue;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A message that was published.
 *
 * @param atMs
 *            when
 * @param expirationMs
 *            its own time to live; -1: none
 * @param delayMs
 *            how long it is held back; 0: not at all
 * @param priority
 *            -1: none
 */
record Sent(int id, String exchange, String key, long atMs, int expirationMs, int delayMs,
        int priority, int padding) {

    String body() {
        return id + ":" + "x".repeat(padding);
    }

    /** Whether it is dropped where another of its key came before. */
    boolean isOnce() {
        return exchange.equals(Plan.ONCE);
    }

    /** The id in a body. */
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
                    .withHeaders(Table.of(Map.of("x-delay", new Value.Int32(delayMs))));
        }
        if (exchange.equals(Plan.HEADERS)) {
            properties = properties
                    .withHeaders(Table.of(Map.of(Plan.HEADER, new Value.Text(key))));
        }
        if (isOnce()) {
            properties = properties.withHeaders(
                    Table.of(Map.of("x-deduplication-header", new Value.Text(key))));
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
