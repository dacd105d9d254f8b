package io.taffrail.http.management;

import io.taffrail.broker.traffic.ChannelReport;
import io.taffrail.broker.traffic.ConnectionReport;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.broker.traffic.ConsumerReport;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.sample.Numbers;
import io.taffrail.http.sample.Sampler;
import io.taffrail.http.sample.Series;
import io.taffrail.log.config.HostPort;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Connections, channels and consumers of all heads, in RabbitMQ's form. Blocks. */
record ClientViews(Map<String, ConnectionReports> heads, NodeFacts node, InstantSource clock,
        Sampler sampler) {

    /**
     * A connection of a head.
     *
     * @param protocol
     *            the name of the head
     */
    record Client(String protocol, ConnectionReport report) {

        /** RabbitMQ's name of the connection. */
        String name() {
            return report.client() + " -> " + report.listener();
        }

        Optional<String> fact(String field) {
            return Optional.ofNullable(report.facts().get(field)).map(Object::toString);
        }

        /** RabbitMQ's name of a channel. */
        String channel(ChannelReport channel) {
            return name() + " (" + channel.number() + ")";
        }

        private HostPort peer() {
            return HostPort.parse(report.client());
        }
    }

    /** All connections. */
    List<Client> all() {
        List<Client> all = new ArrayList<>();
        heads.forEach((protocol, head) -> head.reports().join()
                .forEach(report -> all.add(new Client(protocol, report))));
        return all;
    }

    /** All connections to somebody who may monitor, to others their own. */
    List<Client> visible(HttpCall call) {
        List<Client> list = all();
        if (!call.user().has(HttpTag.MONITORING)) {
            list.removeIf(it -> !it.fact("user").equals(Optional.of(call.user().name())));
        }
        return list;
    }

    /** Numbers of connections and channels opened and closed. */
    ConnectionReports.Churn churn() {
        return heads.values().stream().map(ConnectionReports::churn)
                .reduce((one, other) -> new ConnectionReports.Churn(
                        one.opened() + other.opened(), one.closed() + other.closed(),
                        one.channelsOpened() + other.channelsOpened(),
                        one.channelsClosed() + other.channelsClosed(),
                        one.received() + other.received(), one.sent() + other.sent()))
                .orElse(new ConnectionReports.Churn(0, 0, 0, 0, 0, 0));
    }

    /** A connection. */
    Map<String, @Nullable Object> connection(Client client, Rates rates) {
        ConnectionReport report = client.report();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        HostPort own = HostPort.parse(report.listener());
        object.put("name", client.name());
        object.put("node", node.name());
        object.put("protocol", client.protocol().equals("amqp")
                ? "AMQP 0-9-1"
                : client.protocol());
        object.put("type", "network");
        object.put("peer_host", client.peer().host());
        object.put("peer_port", client.peer().port());
        object.put("host", own.host());
        object.put("port", own.port());
        object.put("ssl", false);
        object.put("state", "running");
        object.put("connected_at", clock.millis() - report.octets().ageMs());
        object.put("recv_cnt", report.octets().reads());
        object.put("send_cnt", report.octets().writes());
        rates.octets(object, report.octets().received(), report.octets().sent(),
                sampler.connections().find("", report.client()), 0);
        report.facts().forEach(object::put);
        client.fact("user").ifPresent(it -> object.put("user_who_performed_action", it));
        return object;
    }

    /** A channel; if it is shown alone, with its consumers. */
    Map<String, @Nullable Object> channel(Client client, ChannelReport channel, Rates rates,
            boolean alone) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", client.channel(channel));
        object.put("number", channel.number());
        object.put("node", node.name());
        for (String field : List.of("user", "vhost")) {
            client.fact(field).ifPresent(it -> object.put(field, it));
        }
        client.fact("user").ifPresent(it -> object.put("user_who_performed_action", it));
        object.put("connection_details", connectionDetails(client));
        channel.facts().forEach(object::put);
        Optional<Series> series = sampler.channels().find(client.report().client(),
                String.valueOf(channel.number()));
        rates.stats(object, Rates.OF_PUBLISHERS, channel.counts(), series);
        if (alone) {
            object.put("consumer_details", channel.consumers().stream()
                    .map(it -> consumer(client, channel, it)).toList());
        }
        return object;
    }

    private static Map<String, Object> connectionDetails(Client client) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", client.name());
        object.put("peer_host", client.peer().host());
        object.put("peer_port", client.peer().port());
        return object;
    }

    /** A consumer. */
    Map<String, @Nullable Object> consumer(Client client, ChannelReport channel,
            ConsumerReport consumer) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("connection_name", client.name());
        details.put("name", client.channel(channel));
        details.put("node", node.name());
        details.put("number", channel.number());
        details.put("peer_host", client.peer().host());
        details.put("peer_port", client.peer().port());
        details.put("user", client.fact("user").orElse(""));
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("arguments", consumer.arguments());
        object.put("ack_required", consumer.acknowledges());
        object.put("active", consumer.active());
        object.put("activity_status", consumer.active() ? "up" : "waiting");
        object.put("channel_details", details);
        object.put("consumer_tag", consumer.tag());
        object.put("exclusive", consumer.exclusive());
        object.put("prefetch_count", consumer.prefetch());
        object.put("queue", Map.of("name", consumer.queue(), "vhost",
                client.fact("vhost").orElse("")));
        return object;
    }

    /** Consumers of a virtual host, or of one of its queues. */
    List<Map<String, @Nullable Object>> consumers(List<Client> clients, String host,
            Optional<String> queue) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (Client client : clients) {
            if (!client.fact("vhost").equals(Optional.of(host))) {
                continue;
            }
            for (ChannelReport channel : client.report().channels()) {
                channel.consumers().stream()
                        .filter(it -> queue.isEmpty() || queue.get().equals(it.queue()))
                        .forEach(it -> list.add(consumer(client, channel, it)));
            }
        }
        return list;
    }

    /** Bytes of the open connections of a virtual host: received and sent. */
    static long[] octets(List<Client> clients, String host) {
        long[] sums = new long[Numbers.SENT - Numbers.RECEIVED + 1];
        clients.stream().filter(it -> it.fact("vhost").equals(Optional.of(host))).forEach(it -> {
            sums[0] += it.report().octets().received();
            sums[1] += it.report().octets().sent();
        });
        return sums;
    }
}
