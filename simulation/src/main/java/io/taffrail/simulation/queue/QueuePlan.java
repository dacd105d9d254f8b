package io.taffrail.simulation.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.QueueDeclaration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The declaration of a queue.
 *
 * @param ttlMs
 *            time-to-live of its messages in milliseconds; -1 for none
 * @param maxLength
 *            largest number of messages; -1 for no limit
 * @param overflow
 *            overflow policy; empty to drop the oldest messages
 * @param deadTo
 *            queue that receives dead letters; empty to drop them
 * @param singleActive
 *            true if only its first consumer gets messages
 * @param deliveryLimit
 *            delivery limit of a quorum queue; -1 for none
 */
record QueuePlan(String name, boolean quorum, int ttlMs, int maxLength, String overflow,
        String deadTo, int deliveryLimit, int maxPriority, boolean singleActive) {

    static final String DEAD_EXCHANGE = "dead";

    /** A queue without limits or other arguments. */
    static QueuePlan plain(String name, boolean quorum) {
        return new QueuePlan(name, quorum, -1, -1, "", "", -1, 0, false);
    }

    /** True if it may refuse a message. */
    boolean mayRefuse() {
        return maxLength >= 0 && !overflow.isEmpty();
    }

    boolean dropsHead() {
        return maxLength >= 0 && overflow.isEmpty();
    }

    QueueDeclaration declaration() {
        Map<String, FieldValue> arguments = new LinkedHashMap<>();
        if (quorum) {
            arguments.put("x-queue-type", new FieldValue.Text("quorum"));
            arguments.put("x-delivery-limit", new FieldValue.Int32(deliveryLimit));
        }
        if (ttlMs >= 0) {
            arguments.put("x-message-ttl", new FieldValue.Int32(ttlMs));
        }
        if (maxLength >= 0) {
            arguments.put("x-max-length", new FieldValue.Int32(maxLength));
        }
        if (!overflow.isEmpty()) {
            arguments.put("x-overflow", new FieldValue.Text(overflow));
        }
        if (!deadTo.isEmpty()) {
            arguments.put("x-dead-letter-exchange", new FieldValue.Text(DEAD_EXCHANGE));
            arguments.put("x-dead-letter-routing-key", new FieldValue.Text(deadTo));
        }
        if (maxPriority > 0) {
            arguments.put("x-max-priority", new FieldValue.Int32(maxPriority));
        }
        if (singleActive) {
            arguments.put("x-single-active-consumer", new FieldValue.Bool(true));
        }
        return new QueueDeclaration(name, true, false, false, FieldTable.of(arguments));
    }
}
