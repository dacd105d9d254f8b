package io.taffrail.kafka;

import io.taffrail.kafka.produce.Inflation;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.config.Key;
import io.taffrail.net.ConnectionLimits;
import java.util.Optional;

/** Settings of the Kafka head, under Kafka's names where Kafka has the setting. */
public record KafkaConfig(
        @Key(value = "kafka.listener", byDefault = "127.0.0.1:9092", doc = "Address Kafka clients connect to; port 0 takes any free one.") HostPort listener,
        @Key(value = "kafka.advertised", doc = "Address told to clients where it differs from the one they connected to, for example behind a proxy.") Optional<HostPort> advertised,
        @Key(value = "socket.request.max.bytes", byDefault = "104857600", doc = "Largest request taken; a connection that announces a larger one is closed.") int requestMaxBytes,
        @Key(value = "queued.max.unforced.bytes", byDefault = "33554432", doc = "Bytes appended and not yet durable, over all partitions; beyond it no further produce request is handled.") long unforcedMaxBytes,
        @Key(value = "connections.max.idle.ms", byDefault = "600000", doc = "A connection that sends nothing for so long is closed, in milliseconds; -1: never.") long idleMs,
        @Key(value = "max.connections", byDefault = "20000", doc = "Most connections at once; further ones are closed. Fewer where the process may not open so many files (ulimit -n): 128 and those of log.open.files are kept from clients.") int maxConnections,
        @Key(value = "max.connections.per.ip", byDefault = "10000", doc = "Most connections at once from one address (from one /64 network of IPv6).") int maxConnectionsPerIp,
        @Key(value = "max.connection.creation.rate", byDefault = "2147483647", doc = "Most new connections in a second, averaged over ten; further ones are closed.") int connectionRate,
        @Key(value = "max.connection.creation.rate.per.ip", byDefault = "500", doc = "Most new connections from one address in a second, averaged over ten.") int connectionRatePerIp,
        @Key(value = "connections.first.request.timeout.ms", byDefault = "30000", doc = "A connection that has sent no valid request within so long is closed, in milliseconds.") long firstRequestTimeoutMs,
        @Key(value = "message.max.inflated.bytes", byDefault = "67108864", doc = "Most bytes that the records of one compressed batch may decompress to, unless the topic takes larger batches.") int maxInflatedBytes,
        @Key(value = "message.max.inflation.ratio", byDefault = "100", doc = "Most bytes that the records of a batch may decompress to for each byte compressed, beyond the first 4 MiB.") int maxInflationRatio,
        @Key(value = "fetch.max.bytes", byDefault = "57671680", doc = "Largest answer to a fetch, whatever the client asks for.") int fetchMaxBytes,
        @Key(value = "max.incremental.fetch.session.cache.slots", byDefault = "1000", doc = "Most fetch sessions kept at once.") int fetchSessionSlots,
        @Key(value = "max.request.partition.size.limit", byDefault = "2000", doc = "Most partitions in one answer to DescribeTopicPartitions.") int describePartitionsLimit) {

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
