package io.taffrail.broker.deadletter;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The death history of a message: the headers {@code x-death}, {@code x-first-death-*} and
 * {@code x-last-death-*}, newest first, with one counted entry for each queue and reason. Pure
 * functions.
 */
public final class Deaths {

    private static final String DEATH = "x-death";
    private static final String CC = "CC";

    private Deaths() {}

    /**
     * Builds the dead letter of a message.
     *
     * @param queue
     *            the queue that gave it up
     * @param newKey
     *            its new routing key; empty: it keeps its own and its CC header
     */
    public static Message next(StoredMessage dead, String queue, DeathReason reason,
            String exchange, Optional<String> newKey, long nowMs) {
        String oldExchange = text(dead.exchange());
        String oldKey = text(dead.routingKey());
        Properties properties = Properties.of(dead.properties());
        Optional<String> expiration = properties.text(Property.EXPIRATION);
        Map<String, FieldValue> headers = new LinkedHashMap<>(properties.headers().entries());
        Map<String, FieldValue> death = new LinkedHashMap<>();
        death.put("count", new FieldValue.Int64(1));
        death.put("reason", new FieldValue.Text(reason.text()));
        death.put("queue", new FieldValue.Text(queue));
        death.put("time", new FieldValue.Timestamp(nowMs / 1000));
        death.put("exchange", new FieldValue.Text(oldExchange));
        death.put("routing-keys", new FieldValue.ListOf(keys(oldKey, headers.get(CC))));
        expiration.ifPresent(it -> death.put("original-expiration", new FieldValue.Text(it)));
        boolean first = !headers.containsKey(DEATH);
        headers.put(DEATH, new FieldValue.ListOf(counted(headers, death)));
        if (first) {
            headers.put("x-first-death-exchange", new FieldValue.Text(oldExchange));
            headers.put("x-first-death-queue", new FieldValue.Text(queue));
            headers.put("x-first-death-reason", new FieldValue.Text(reason.text()));
        }
        headers.put("x-last-death-reason", new FieldValue.Text(reason.text()));
        headers.put("x-last-death-queue", new FieldValue.Text(queue));
        headers.put("x-last-death-exchange", new FieldValue.Text(oldExchange));
        if (newKey.isPresent()) {
            headers.remove(CC);
        }
        Properties next = properties.without(Property.EXPIRATION)
                .withHeaders(FieldTable.of(headers));
        return new Message(exchange, newKey.orElse(oldKey), next, dead.body());
    }

    private static List<FieldValue> keys(String key, @Nullable FieldValue cc) {
        List<FieldValue> keys = new ArrayList<>();
        keys.add(new FieldValue.Text(key));
        if (cc instanceof FieldValue.ListOf(List<FieldValue> more)) {
            keys.addAll(more);
        }
        return keys;
    }

    /**
     * Adds a death at the front of the history, with one entry for each queue and reason. An
     * existing entry is moved and incremented; several entries from brokers without counts are
     * merged.
     */
    private static List<FieldValue> counted(Map<String, FieldValue> headers,
            Map<String, FieldValue> death) {
        Map<List<FieldValue>, Map<String, FieldValue>> byCause = new LinkedHashMap<>();
        for (FieldValue value : history(headers.get(DEATH))) {
            if (value instanceof FieldValue.TableOf(FieldTable table)) {
                byCause.merge(cause(table.entries()), table.entries(),
                        (first, same) -> withCount(first, count(first) + count(same)));
            }
        }
        Map<String, FieldValue> before = byCause.remove(cause(death));
        List<FieldValue> deaths = new ArrayList<>();
        deaths.add(new FieldValue.TableOf(FieldTable.of(
                before == null ? death : withCount(before, count(before) + 1))));
        byCause.values().forEach(entry -> deaths.add(new FieldValue.TableOf(FieldTable.of(entry))));
        return deaths;
    }

    private static List<FieldValue> cause(Map<String, FieldValue> entry) {
        FieldValue none = new FieldValue.Text("");
        return List.of(entry.getOrDefault("queue", none), entry.getOrDefault("reason", none));
    }

    private static long count(Map<String, FieldValue> entry) {
        return Optional.ofNullable(entry.get("count")).flatMap(FieldValue::number).orElse(1L);
    }

    private static Map<String, FieldValue> withCount(Map<String, FieldValue> entry, long count) {
        Map<String, FieldValue> counted = new LinkedHashMap<>(entry);
        counted.put("count", new FieldValue.Int64(count));
        return counted;
    }

    /**
     * Whether delivering a letter made by {@link #next} to this queue would close a cycle: the
     * message died in the queue before, and was not rejected by a consumer since.
     */
    public static boolean isCycle(Message dead, String queue) {
        for (FieldValue value : history(dead.properties().headers().entries().get(DEATH))) {
            Map<String, FieldValue> entry = entry(value);
            if (isText(entry.get("reason"), DeathReason.REJECTED.text())) {
                return false;
            }
            if (isText(entry.get("queue"), queue)) {
                return true;
            }
        }
        return false;
    }

    private static List<FieldValue> history(@Nullable FieldValue value) {
        return value instanceof FieldValue.ListOf(List<FieldValue> deaths) ? deaths : List.of();
    }

    private static Map<String, FieldValue> entry(FieldValue value) {
        return value instanceof FieldValue.TableOf(FieldTable table) ? table.entries() : Map.of();
    }

    private static boolean isText(@Nullable FieldValue value, String wanted) {
        return value instanceof FieldValue.Text(String text) && text.equals(wanted);
    }

    private static String text(ByteBuffer bytes) {
        return ByteText.of(bytes);
    }
}
