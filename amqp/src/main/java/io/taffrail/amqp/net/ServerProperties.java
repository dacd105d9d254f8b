package io.taffrail.amqp.net;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The broker's {@code server-properties} in {@code connection.start}. Clients derive the meaning
 * of {@code basic.qos} and the supported extensions from {@code product} and {@code version}, so
 * these are RabbitMQ's.
 */
final class ServerProperties {

    /** Version of RabbitMQ whose behaviour the broker follows. */
    private static final String COMPATIBLE_VERSION = "4.1.4";

    private static final List<String> CAPABILITIES = List.of("publisher_confirms",
            "exchange_exchange_bindings", "basic.nack", "consumer_cancel_notify",
            "connection.blocked", "consumer_priorities", "authentication_failure_close",
            "per_consumer_qos", "direct_reply_to");

    private ServerProperties() {}

    static FieldTable table(String clusterName) {
        Map<String, FieldValue> capabilities = new LinkedHashMap<>();
        CAPABILITIES.forEach(name -> capabilities.put(name, new FieldValue.Bool(true)));
        Map<String, FieldValue> properties = new LinkedHashMap<>();
        properties.put("capabilities", new FieldValue.TableOf(FieldTable.of(capabilities)));
        properties.put("cluster_name", new FieldValue.Text(clusterName));
        properties.put("information",
                new FieldValue.Text("Taffrail, which speaks as RabbitMQ does"));
        properties.put("platform", new FieldValue.Text("Taffrail"));
        properties.put("product", new FieldValue.Text("RabbitMQ"));
        properties.put("version", new FieldValue.Text(COMPATIBLE_VERSION));
        return FieldTable.of(properties);
    }
}
