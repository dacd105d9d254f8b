package io.taffrail.http;

import io.taffrail.log.config.HostPort;
import io.taffrail.log.config.Key;
import io.taffrail.net.ConnectionLimits;
import java.util.Optional;

/** Settings of the HTTP head. */
public record HttpConfig(
        @Key(value = "http.enabled", byDefault = "true", doc = "Whether HTTP is served.") boolean enabled,
        @Key(value = "http.listener", doc = "Address for HTTP clients: RabbitMQ's management API; port 0 takes any free port. Unset: 127.0.0.1:15672, or none if another process listens there.") Optional<HostPort> listener,
        @Key(value = "http.max.connections", byDefault = "1000", doc = "Maximum number of HTTP connections; further ones are closed.") int maxConnections,
        @Key(value = "http.max.connections.per.ip", byDefault = "500", doc = "Maximum number of HTTP connections from one address (from one /64 network of IPv6).") int maxConnectionsPerIp,
        @Key(value = "http.max.connection.creation.rate", byDefault = "2147483647", doc = "Maximum number of new HTTP connections per second, averaged over ten seconds; further ones are closed.") int connectionRate,
        @Key(value = "http.max.connection.creation.rate.per.ip", byDefault = "500", doc = "Maximum number of new HTTP connections from one address per second, averaged over ten seconds.") int connectionRatePerIp,
        @Key(value = "http.max.body.bytes", byDefault = "16777216", doc = "Maximum size of a request body, in bytes; a larger one is refused with 413.") int maxBodyBytes,
        @Key(value = "http.max.requests", byDefault = "32", doc = "Maximum number of HTTP requests that are worked on at the same time; further ones wait.") int maxRequests,
        @Key(value = "http.timeout.ms", byDefault = "30000", doc = "Time within which a client must send the head of a request, then its body, and take each 64 KiB of the answer, in milliseconds; otherwise it is disconnected.") int timeoutMs) {

    public HttpConfig {
        within("http.max.connections", maxConnections, 1);
        within("http.max.connections.per.ip", maxConnectionsPerIp, 1);
        within("http.max.connection.creation.rate", connectionRate, 1);
        within("http.max.connection.creation.rate.per.ip", connectionRatePerIp, 1);
        within("http.max.body.bytes", maxBodyBytes, 0);
        within("http.max.requests", maxRequests, 1);
        within("http.timeout.ms", timeoutMs, 1);
    }

    private static void within(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + ": Value must be at least " + least + ", not " + value);
        }
    }

    /** Default settings. */
    public static HttpConfig defaults() {
        return new HttpConfig(true, Optional.empty(), 1000, 500, Integer.MAX_VALUE, 500, 16 << 20,
                32,
                30_000);
    }

    /** These settings with another address. */
    public HttpConfig withListener(HostPort value) {
        return new HttpConfig(enabled, Optional.of(value), maxConnections, maxConnectionsPerIp,
                connectionRate, connectionRatePerIp, maxBodyBytes, maxRequests, timeoutMs);
    }

    /** Limits on the number and rate of connections. */
    public ConnectionLimits connectionLimits() {
        return new ConnectionLimits("http.", maxConnections, maxConnectionsPerIp, connectionRate,
                connectionRatePerIp);
    }
}
