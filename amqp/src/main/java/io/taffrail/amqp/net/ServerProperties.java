package io.taffrail.amqp.net;

import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
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

    static Table table(String clusterName) {
        Map<String, Value> capabilities = new LinkedHashMap<>();
        CAPABILITIES.forEach(name -> capabilities.put(name, new Value.Bool(true)));
        Map<String, Value> properties = new LinkedHashMap<>();
        properties.put("capabilities", new Value.TableOf(Table.of(capabilities)));
        properties.put("cluster_name", new Value.Text(clusterName));
        properties.put("information", new Value.Text("Taffrail, which speaks as RabbitMQ does"));
        properties.put("platform", new Value.Text("Taffrail"));
        properties.put("product", new Value.Text("RabbitMQ"));
        properties.put("version", new Value.Text(COMPATIBLE_VERSION));
        return Table.of(properties);
    }
}
