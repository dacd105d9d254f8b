package io.taffrail.kafka;

import io.taffrail.kafka.produce.Inflation;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.config.Key;
import io.taffrail.net.ConnectionLimits;
import java.util.Optional;

/** Settings of the Kafka head, under Kafka's names where Kafka has the setting. */
public record KafkaConfig(
        @Key(value = "kafka.listener", byDefault = "127.0.0.1:9092", doc = "Address for Kafka clients; port 0 takes any free port.") HostPort listener,
        @Key(value = "kafka.advertised", doc = "Address in metadata responses if it differs from the one that clients connect to, for example behind a proxy.") Optional<HostPort> advertised,
        @Key(value = "socket.request.max.bytes", byDefault = "104857600", doc = "Maximum size of a request, in bytes; a connection that announces a larger one is closed.") int requestMaxBytes,
        @Key(value = "queued.max.unforced.bytes", byDefault = "33554432", doc = "Maximum bytes appended and not yet durable, over all partitions; beyond it produce requests wait.") long unforcedMaxBytes,
        @Key(value = "connections.max.idle.ms", byDefault = "600000", doc = "Time after which an idle connection is closed, in milliseconds; -1: never.") long idleMs,
        @Key(value = "max.connections", byDefault = "20000", doc = "Maximum number of connections; further ones are closed. Fewer if the limit of open files (ulimit -n) is too low: 128 files and those of log.open.files are kept for the broker.") int maxConnections,
        @Key(value = "max.connections.per.ip", byDefault = "10000", doc = "Maximum number of connections from one address (from one /64 network of IPv6).") int maxConnectionsPerIp,
        @Key(value = "max.connection.creation.rate", byDefault = "2147483647", doc = "Maximum number of new connections per second, averaged over ten seconds; further ones are closed.") int connectionRate,
        @Key(value = "max.connection.creation.rate.per.ip", byDefault = "500", doc = "Maximum number of new connections from one address per second, averaged over ten seconds.") int connectionRatePerIp,
        @Key(value = "connections.first.request.timeout.ms", byDefault = "30000", doc = "Time after which a connection without a valid request is closed, in milliseconds.") long firstRequestTimeoutMs,
        @Key(value = "message.max.inflated.bytes", byDefault = "67108864", doc = "Maximum decompressed size of the records of one batch, in bytes, unless the topic accepts larger batches.") int maxInflatedBytes,
        @Key(value = "message.max.inflation.ratio", byDefault = "100", doc = "Maximum ratio of decompressed to compressed bytes of a batch, beyond the first 4 MiB.") int maxInflationRatio,
        @Key(value = "fetch.max.bytes", byDefault = "57671680", doc = "Maximum size of a fetch response, in bytes, whatever the client requests.") int fetchMaxBytes,
        @Key(value = "max.incremental.fetch.session.cache.slots", byDefault = "1000", doc = "Maximum number of fetch sessions.") int fetchSessionSlots,
        @Key(value = "max.request.partition.size.limit", byDefault = "2000", doc = "Maximum number of partitions in one response to DescribeTopicPartitions.") int describePartitionsLimit) {

    public KafkaConfig {
        atLeast("socket.request.max.bytes", requestMaxBytes, 1024);
        atLeast("queued.max.unforced.bytes", unforcedMaxBytes, 1024);
        atLeast("max.connections", maxConnections, 1);
        atLeast("max.connections.per.ip", maxConnectionsPerIp, 1);
        atLeast("max.connection.creation.rate", connectionRate, 1);
        atLeast("max.connection.creation.rate.per.ip", connectionRatePerIp, 1);
        atLeast("connections.first.request.timeout.ms", firstRequestTimeoutMs, 1);
        atLeast("message.max.inflated.bytes", maxInflatedBytes, 1024);
        atLeast("message.max.inflation.ratio", maxInflationRatio, 1);
        atLeast("fetch.max.bytes", fetchMaxBytes, 1024);
        atLeast("max.incremental.fetch.session.cache.slots", fetchSessionSlots, 0);
        atLeast("max.request.partition.size.limit", describePartitionsLimit, 1);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + ": Value must be at least " + least + ", not " + value);
        }
    }

    /** The default settings. */
    public static KafkaConfig defaults() {
        return new KafkaConfig(new HostPort("127.0.0.1", 9092), Optional.empty(), 104_857_600,
                32L << 20, 600_000, 20_000,
                10_000, Integer.MAX_VALUE, 500, 30_000, 64 << 20, 100,
                57_671_680, 1000, 2000);
    }

    public KafkaConfig withMaxConnections(int value) {
        return new KafkaConfig(listener, advertised, requestMaxBytes, unforcedMaxBytes, idleMs,
                value, maxConnectionsPerIp, connectionRate,
                connectionRatePerIp, firstRequestTimeoutMs, maxInflatedBytes, maxInflationRatio,
                fetchMaxBytes, fetchSessionSlots,
                describePartitionsLimit);
    }

    public KafkaConfig withFirstRequestTimeoutMs(long value) {
        return new KafkaConfig(listener, advertised, requestMaxBytes, unforcedMaxBytes, idleMs,
                maxConnections, maxConnectionsPerIp, connectionRate,
                connectionRatePerIp, value, maxInflatedBytes, maxInflationRatio,
                fetchMaxBytes, fetchSessionSlots,
                describePartitionsLimit);
    }

    /** Limits on the decompression of batches. */
    public Inflation inflation() {
        return new Inflation(maxInflatedBytes, maxInflationRatio);
    }

    /** Limits on the number and rate of connections. */
    public ConnectionLimits connectionLimits() {
        return new ConnectionLimits("", maxConnections, maxConnectionsPerIp, connectionRate,
                connectionRatePerIp);
    }

    public KafkaConfig withUnforcedMaxBytes(long value) {
        return new KafkaConfig(listener, advertised, requestMaxBytes, value,
                idleMs, maxConnections, maxConnectionsPerIp, connectionRate,
                connectionRatePerIp, firstRequestTimeoutMs, maxInflatedBytes, maxInflationRatio,
                fetchMaxBytes, fetchSessionSlots,
                describePartitionsLimit);
    }

    public KafkaConfig withIdleMs(long value) {
        return new KafkaConfig(listener, advertised, requestMaxBytes, unforcedMaxBytes, value,
                maxConnections, maxConnectionsPerIp, connectionRate,
                connectionRatePerIp, firstRequestTimeoutMs, maxInflatedBytes, maxInflationRatio,
                fetchMaxBytes, fetchSessionSlots,
                describePartitionsLimit);
    }

    public KafkaConfig withListener(HostPort value) {
        return new KafkaConfig(value, advertised, requestMaxBytes, unforcedMaxBytes,
                idleMs, maxConnections, maxConnectionsPerIp, connectionRate,
                connectionRatePerIp, firstRequestTimeoutMs, maxInflatedBytes, maxInflationRatio,
                fetchMaxBytes, fetchSessionSlots,
                describePartitionsLimit);
    }
}
