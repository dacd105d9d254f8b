package io.taffrail.bench.workload;

import io.taffrail.bench.broker.Peer;
import java.util.Map;

/**
 * A broker with the settings of topics or arguments of queues one column of the report stands for.
 */
public record Variant(String name, Peer peer, Map<String, String> settings) {
    /** The name as part of a topic's name. */
    String topicSuffix() {
        return name.replaceAll("[^A-Za-z0-9]", "-");
    }
}
