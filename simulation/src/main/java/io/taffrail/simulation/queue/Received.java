package io.taffrail.simulation.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.simulation.world.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A copy of a delivery.
 *
 * @param trail
 *            its deaths, newest first: {@code reason@queue>reason@queue}
 * @param count
 *            number of returns according to its {@code x-delivery-count} header
 */
record Received(int id, String body, String trail, long offset, boolean redelivered, int count) {

    static Received of(Delivery delivery, StoredMessage message) {
        String body = StandardCharsets.UTF_8.decode(message.body()).toString();
        FieldTable headers = Properties.of(message.properties()).headers();
        int count = headers.get("x-delivery-count").flatMap(FieldValue::number).orElse(0L)
                .intValue();
        return new Received(Sent.idOf(body), body, trail(headers), delivery.offset(),
                delivery.redelivered(), count);
    }

    @Override
    public String toString() {
        return "m" + id + "<" + trail + "> at " + offset + (redelivered ? ", again, " : ", ")
                + count;
    }

    private static String trail(FieldTable headers) {
        StringBuilder trail = new StringBuilder();
        if (headers.get("x-death")
                .orElse(null) instanceof FieldValue.ListOf(List<FieldValue> deaths)) {
            for (FieldValue death : deaths) {
                if (death instanceof FieldValue.TableOf(FieldTable entry)) {
                    add(entry.entries(), trail);
                }
            }
        }
        return trail.toString();
    }

    private static void add(Map<String, FieldValue> death, StringBuilder trail) {
        if (death.get("reason") instanceof FieldValue.Text(String reason)
                && death.get("queue") instanceof FieldValue.Text(String queue)
                && death.get("count") instanceof FieldValue.Int64(long count) && count == 1) {
            trail.append(trail.isEmpty() ? "" : ">").append(reason).append('@').append(queue);
        } else {
            throw new Violation("a death has a reason and a queue", death.toString());
        }
    }
}
