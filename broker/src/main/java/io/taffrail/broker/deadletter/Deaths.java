package io.taffrail.broker.deadletter;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
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
        Map<String, Value> headers = new LinkedHashMap<>(properties.headers().entries());
        Map<String, Value> death = new LinkedHashMap<>();
        death.put("count", new Value.Int64(1));
        death.put("reason", new Value.Text(reason.text()));
        death.put("queue", new Value.Text(queue));
        death.put("time", new Value.Timestamp(nowMs / 1000));
        death.put("exchange", new Value.Text(oldExchange));
        death.put("routing-keys", new Value.ListOf(keys(oldKey, headers.get(CC))));
        expiration.ifPresent(it -> death.put("original-expiration", new Value.Text(it)));
        boolean first = !headers.containsKey(DEATH);
        headers.put(DEATH, new Value.ListOf(counted(headers, death)));
        if (first) {
            headers.put("x-first-death-exchange", new Value.Text(oldExchange));
            headers.put("x-first-death-queue", new Value.Text(queue));
            headers.put("x-first-death-reason", new Value.Text(reason.text()));
        }
        headers.put("x-last-death-reason", new Value.Text(reason.text()));
        headers.put("x-last-death-queue", new Value.Text(queue));
        headers.put("x-last-death-exchange", new Value.Text(oldExchange));
        if (newKey.isPresent()) {
            headers.remove(CC);
        }
        Properties next = properties.without(Property.EXPIRATION).withHeaders(Table.of(headers));
        return new Message(exchange, newKey.orElse(oldKey), next, dead.body());
    }

    private static List<Value> keys(String key, @Nullable Value cc) {
        List<Value> keys = new ArrayList<>();
        keys.add(new Value.Text(key));
        if (cc instanceof Value.ListOf(List<Value> more)) {
            keys.addAll(more);
        }
        return keys;
    }

    /**
     * Adds a death at the front of the history, with one entry for each queue and reason. An
     * existing entry is moved and incremented; several entries from brokers without counts are
     * merged.
     */
    private static List<Value> counted(Map<String, Value> headers, Map<String, Value> death) {
        Map<List<Value>, Map<String, Value>> byCause = new LinkedHashMap<>();
        for (Value value : history(headers.get(DEATH))) {
            if (value instanceof Value.TableOf(Table table)) {
                byCause.merge(cause(table.entries()), table.entries(),
                        (first, same) -> withCount(first, count(first) + count(same)));
            }
        }
        Map<String, Value> before = byCause.remove(cause(death));
        List<Value> deaths = new ArrayList<>();
        deaths.add(new Value.TableOf(Table.of(
                before == null ? death : withCount(before, count(before) + 1))));
        byCause.values().forEach(entry -> deaths.add(new Value.TableOf(Table.of(entry))));
        return deaths;
    }

    private static List<Value> cause(Map<String, Value> entry) {
        Value none = new Value.Text("");
        return List.of(entry.getOrDefault("queue", none), entry.getOrDefault("reason", none));
    }

    private static long count(Map<String, Value> entry) {
        return Optional.ofNullable(entry.get("count")).flatMap(Value::number).orElse(1L);
    }

    private static Map<String, Value> withCount(Map<String, Value> entry, long count) {
        Map<String, Value> counted = new LinkedHashMap<>(entry);
        counted.put("count", new Value.Int64(count));
        return counted;
    }

    /**
     * Whether delivering a letter made by {@link #next} to this queue would close a cycle: the
     * message died in the queue before, and was not rejected by a consumer since.
     */
    public static boolean isCycle(Message dead, String queue) {
        for (Value value : history(dead.properties().headers().entries().get(DEATH))) {
            Map<String, Value> entry = entry(value);
            if (isText(entry.get("reason"), DeathReason.REJECTED.text())) {
                return false;
            }
            if (isText(entry.get("queue"), queue)) {
                return true;
            }
        }
        return false;
    }

    private static List<Value> history(@Nullable Value value) {
        return value instanceof Value.ListOf(List<Value> deaths) ? deaths : List.of();
    }

    private static Map<String, Value> entry(Value value) {
        return value instanceof Value.TableOf(Table table) ? table.entries() : Map.of();
    }

    private static boolean isText(@Nullable Value value, String wanted) {
        return value instanceof Value.Text(String text) && text.equals(wanted);
    }

    private static String text(ByteBuffer bytes) {
        return ByteText.of(bytes);
    }
}
