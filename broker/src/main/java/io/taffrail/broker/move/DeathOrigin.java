package io.taffrail.broker.move;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The place that a dead letter came from first, as its history names it.
 *
 * @param exchange
 *            the exchange that it was published to
 * @param routingKey
 *            the routing key that it was published with
 */
public record DeathOrigin(String queue, String reason, String exchange, String routingKey) {

    /** Header that counts how often a message was redriven. */
    public static final String REDRIVEN = "x-taffrail-redriven";
    /** Header that names the queue it was redriven from. */
    public static final String REDRIVEN_FROM = "x-taffrail-redriven-from";

    private static final String DEATHS = "x-death";

    /** The origin of a message; empty if it has no history. */
    public static Optional<DeathOrigin> of(Properties properties) {
        if (!properties.has(Property.HEADERS)) {
            return Optional.empty();
        }
        return properties.headers().get(DEATHS).flatMap(value -> {
            if (!(value instanceof FieldValue.ListOf(List<FieldValue> deaths))
                    || deaths.isEmpty()
                    || !(deaths.getLast() instanceof FieldValue.TableOf(FieldTable first))) {
                return Optional.empty();
            }
            return text(first, "queue").map(queue -> new DeathOrigin(queue,
                    text(first, "reason").orElse(""), text(first, "exchange").orElse(""),
                    key(first)));
        });
    }

    private static Optional<String> text(FieldTable table, String name) {
        return table.get(name).flatMap(value -> value instanceof FieldValue.Text(String text)
                ? Optional.of(text)
                : Optional.empty());
    }

    private static String key(FieldTable death) {
        return death.get("routing-keys")
                .map(value -> value instanceof FieldValue.ListOf(List<FieldValue> keys)
                        && !keys.isEmpty()
                        && keys.getFirst() instanceof FieldValue.Text(String key) ? key : "")
                .orElse("");
    }

    /** The properties of a message with the mark of one more redrive. */
    public static Properties marked(Properties properties, String from) {
        FieldTable headers = properties.has(Property.HEADERS)
                ? properties.headers()
                : FieldTable.EMPTY;
        long times = headers.get(REDRIVEN).flatMap(FieldValue::number).orElse(0L);
        Map<String, FieldValue> entries = new LinkedHashMap<>(headers.entries());
        entries.put(REDRIVEN, new FieldValue.Int64(times + 1));
        entries.put(REDRIVEN_FROM, new FieldValue.Text(from));
        return properties.withHeaders(FieldTable.of(entries));
    }
}
