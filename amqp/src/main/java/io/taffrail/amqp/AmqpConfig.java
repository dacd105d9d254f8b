package io.taffrail.amqp;

import io.taffrail.log.config.HostPort;
import io.taffrail.log.config.Key;
import io.taffrail.net.ConnectionLimits;
import java.util.Optional;

/** Settings of the AMQP head. */
public record AmqpConfig(
        @Key(value = "amqp.listener", doc = "Address for AMQP 0-9-1 clients; port 0 takes any free port. Unset: 127.0.0.1:5672, or none if another process listens there.") Optional<HostPort> listener,
        @Key(value = "amqp.users", byDefault = "guest:guest", secret = true, doc = "Users with all rights, as name:password separated by commas; the password may be replaced by a hash from 'taffrail user hash'. Not set: guest with password guest. 'guest' may connect from this machine only.") String users,
        @Key(value = "amqp.anonymous.login.user", doc = "User of clients that log in by the mechanism ANONYMOUS, without a password, like RabbitMQ's anonymous_login_user. Unset: the mechanism is not offered.") Optional<String> anonymousUser,
        @Key(value = "amqp.channel.max", byDefault = "2047", doc = "Maximum number of channels of one connection.") int channelMax,
        @Key(value = "amqp.frame.max", byDefault = "131072", doc = "Maximum size of a frame, in bytes.") int frameMaxBytes,
        @Key(value = "amqp.heartbeat", byDefault = "60", doc = "Heartbeat interval proposed to clients, in seconds; 0: none.") int heartbeatSeconds,
        @Key(value = "amqp.max.message.bytes", byDefault = "16777216", doc = "Maximum size of a message body, in bytes.") int maxMessageBytes,
        @Key(value = "amqp.max.transaction.bytes", byDefault = "134217728", doc = "Maximum bytes of all uncommitted transactions of a connection.") int maxTransactionBytes,
        @Key(value = "amqp.max.unfinished.bytes", byDefault = "67108864", doc = "Maximum bytes of incomplete messages over all channels of a connection; one message is always allowed. The channel that exceeds it is closed with 311.") int maxUnfinishedBytes,
        @Key(value = "amqp.memory.timeout.ms", byDefault = "10000", doc = "Time after which a connection that waits for memory is closed with 506, in milliseconds.") long memoryTimeoutMs,
        @Key(value = "amqp.max.connections", byDefault = "20000", doc = "Maximum number of connections; further ones are closed. Fewer if the limit of open files (ulimit -n) is too low: 128 files and those of log.open.files are kept for the broker.") int maxConnections,
        @Key(value = "amqp.max.connections.per.ip", byDefault = "10000", doc = "Maximum number of connections from one address (from one /64 network of IPv6).") int maxConnectionsPerIp,
        @Key(value = "amqp.max.connection.creation.rate", byDefault = "2147483647", doc = "Maximum number of new connections per second, averaged over ten seconds; further ones are closed.") int connectionRate,
        @Key(value = "amqp.max.connection.creation.rate.per.ip", byDefault = "500", doc = "Maximum number of new connections from one address per second, averaged over ten seconds.") int connectionRatePerIp,
        @Key(value = "amqp.max.unforced.bytes", byDefault = "33554432", doc = "Maximum bytes published and not yet durable, over all connections; beyond it connections that send are not read until fewer are left.") long maxUnforcedBytes,
        @Key(value = "amqp.handshake.timeout.ms", byDefault = "10000", doc = "Time after which a connection without connection.open is closed, in milliseconds.") long handshakeTimeoutMs,
        @Key(value = "amqp.disk.free.limit.bytes", byDefault = "50000000", doc = "Free disk space, in bytes, below which connections that publish are not read and get connection.blocked; 0: never.") long diskFreeLimitBytes,
        @Key(value = "amqp.max.unsettled", byDefault = "1000000", doc = "Maximum number of unacknowledged deliveries of a channel, also without a prefetch. Each takes about 100 bytes of memory.") int maxUnsettled) {

    private static final int MIN_FRAME_MAX = 4096;

    public AmqpConfig {
        within("amqp.channel.max", channelMax, 1, 65_535);
        within("amqp.frame.max", frameMaxBytes, MIN_FRAME_MAX, 1 << 24);
        within("amqp.heartbeat", heartbeatSeconds, 0, 65_535);
        within("amqp.max.message.bytes", maxMessageBytes, 0, 512 << 20);
        within("amqp.max.transaction.bytes", maxTransactionBytes, 1, Integer.MAX_VALUE);
        within("amqp.max.unfinished.bytes", maxUnfinishedBytes, 1, Integer.MAX_VALUE);
        within("amqp.memory.timeout.ms", memoryTimeoutMs, 1, Long.MAX_VALUE);
        within("amqp.max.connections", maxConnections, 1, Integer.MAX_VALUE);
        within("amqp.max.connections.per.ip", maxConnectionsPerIp, 1, Integer.MAX_VALUE);
        within("amqp.max.connection.creation.rate", connectionRate, 1, Integer.MAX_VALUE);
        within("amqp.max.connection.creation.rate.per.ip", connectionRatePerIp, 1,
                Integer.MAX_VALUE);
        within("amqp.max.unforced.bytes", maxUnforcedBytes, 1, Long.MAX_VALUE);
        within("amqp.max.unsettled", maxUnsettled, 1, Integer.MAX_VALUE);
        within("amqp.disk.free.limit.bytes", diskFreeLimitBytes, 0, Long.MAX_VALUE);
        within("amqp.handshake.timeout.ms", handshakeTimeoutMs, 1, Long.MAX_VALUE);
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + ": Value must be " + least + " to " + most + ", not " + value);
        }
    }

    /** Default settings. */
    public static AmqpConfig defaults() {
        return new AmqpConfig(Optional.empty(), "guest:guest", Optional.empty(), 2047, 131_072, 60,
                16 << 20, 128 << 20, 64 << 20, 10_000, 20_000, 10_000, Integer.MAX_VALUE, 500,
                32L << 20, 10_000,
                50_000_000, 1_000_000);
    }

    /** Limits on the number and rate of connections. */
    public ConnectionLimits connectionLimits() {
        return new ConnectionLimits("amqp.", maxConnections, maxConnectionsPerIp, connectionRate,
                connectionRatePerIp);
    }

    public AmqpConfig withListener(HostPort value) {
        return new AmqpConfig(Optional.of(value), users, anonymousUser, channelMax, frameMaxBytes,
                heartbeatSeconds,
                maxMessageBytes, maxTransactionBytes, maxUnfinishedBytes, memoryTimeoutMs,
                maxConnections, maxConnectionsPerIp,
                connectionRate, connectionRatePerIp, maxUnforcedBytes,
                handshakeTimeoutMs, diskFreeLimitBytes,
                maxUnsettled);
    }
}
