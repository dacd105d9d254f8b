package io.taffrail.cli.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keys of Kafka's {@code server.properties} that have no counterpart here, with advice for each.
 */
final class KafkaKeys {

    private static final String ONE_NODE = "one node has no replicas; leave it out";
    private static final String NO_CONTROLLER = "there is no controller and no ZooKeeper; leave it out";
    private static final String FORCED = "log.durability decides when records are forced to disk;"
            + " leave it out";

    /** Advice by key, or by key prefix ending with a dot. */
    private static final Map<String, String> ADVICE = new LinkedHashMap<>();

    static {
        ADVICE.put("zookeeper.", NO_CONTROLLER);
        ADVICE.put("process.roles", NO_CONTROLLER);
        ADVICE.put("controller.", NO_CONTROLLER);
        ADVICE.put("metadata.log.", NO_CONTROLLER);
        ADVICE.put("inter.broker.", "there are no other brokers; leave it out");
        ADVICE.put("security.inter.broker.protocol", "there are no other brokers; leave it out");
        ADVICE.put("broker.rack", "there is one broker; leave it out");
        ADVICE.put("port", "use kafka.listener = HOST:PORT");
        ADVICE.put("host.name", "use kafka.listener = HOST:PORT");
        ADVICE.put("listener.security.protocol.map", "use kafka.listener = HOST:PORT");
        ADVICE.put("num.network.threads", "use event.loops");
        ADVICE.put("num.io.threads", "use event.loops");
        ADVICE.put("num.recovery.threads.per.data.dir", "recovery reads the journal; leave it out");
        ADVICE.put("num.replica.fetchers", ONE_NODE);
        ADVICE.put("replica.", ONE_NODE);
        ADVICE.put("offsets.topic.replication.factor", ONE_NODE);
        ADVICE.put("transaction.state.log.", ONE_NODE);
        ADVICE.put("share.coordinator.state.topic.", ONE_NODE);
        ADVICE.put("auto.leader.rebalance.enable", ONE_NODE);
        ADVICE.put("unclean.leader.election.enable", ONE_NODE);
        ADVICE.put("log.flush.", FORCED);
        ADVICE.put("socket.send.buffer.bytes", "the operating system sizes it; leave it out");
        ADVICE.put("socket.receive.buffer.bytes", "the operating system sizes it; leave it out");
        ADVICE.put("log.segment.delete.delay.ms",
                "files are deleted when their last reader is done; leave it out");
        ADVICE.put("confluent.", "leave it out");
    }

    private KafkaKeys() {}

    /** Advice for a Kafka key; empty for an unknown key. */
    static Optional<String> advice(String key) {
        String exact = ADVICE.get(key);
        return exact != null
                ? Optional.of(exact)
                : ADVICE.entrySet().stream()
                        .filter(it -> it.getKey().endsWith(".") && key.startsWith(it.getKey()))
                        .map(Map.Entry::getValue).findFirst();
    }
}
