package io.taffrail.http.management;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Facts about this process for the management API.
 *
 * @param name
 *            the node's name to RabbitMQ's tools, {@code rabbit@HOST}
 * @param version
 *            of Taffrail
 * @param listeners
 *            the open listeners
 */
public record NodeFacts(String name, String version, Instant started,
        Supplier<List<NodeListener>> listeners) {

    /** A listener: RabbitMQ's name of its protocol, address and port. */
    public record NodeListener(String protocol, String host, int port) {}
}
