package io.taffrail.bench.workload;

import io.taffrail.bench.broker.Peer;
import java.util.Map;

/**
 * A broker with the settings of its topics, or the arguments of its queues;
 * one column of the report.
 */
public record Variant(String name, Peer peer, Map<String, String> settings) {
    /** Returns the name in a form that is valid in a topic's name. */
    String topicSuffix() {
        return name.replaceAll("[^A-Za-z0-9]", "-");
    }
}
