package io.taffrail.http.metrics;

import java.util.Set;

/**
 * An answer that is being made: its values, and the choice of the request.
 *
 * @param prefix
 *            begins the names of RabbitMQ's metrics
 * @param perObject
 *            whether queues, channels, connections, partitions and groups have a value each;
 *            otherwise their sum is shown
 * @param wanted
 *            RabbitMQ's names of the groups of metrics that were asked for; empty for all
 * @param hosts
 *            virtual hosts that were asked for; empty for all
 */
record Scrape(Families families, String prefix, boolean perObject, Set<String> wanted,
        Set<String> hosts) {

    /** Whether one of these groups was asked for. */
    boolean wants(String... groups) {
        return wanted.isEmpty() || Set.of(groups).stream().anyMatch(wanted::contains);
    }

    boolean wantsHost(String host) {
        return hosts.isEmpty() || hosts.contains(host);
    }

    void gauge(String name, String help, double value, String... labels) {
        families.gauge(prefix + name, help, value, labels);
    }

    void gauge(String name, String help, long value, String... labels) {
        families.gauge(prefix + name, help, value, labels);
    }

    void counter(String name, String help, long value, String... labels) {
        families.counter(prefix + name, help, value, labels);
    }

    void counter(String name, String help, double value, String... labels) {
        families.counter(prefix + name, help, value, labels);
    }
}
