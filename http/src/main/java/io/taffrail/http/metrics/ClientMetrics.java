package io.taffrail.http.metrics;

import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.traffic.ChannelReport;
import io.taffrail.broker.traffic.ConnectionReport;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.broker.traffic.ConnectionReports.Churn;
import io.taffrail.broker.traffic.MessageCounts;
import io.taffrail.broker.traffic.MessageEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections and channels: each, or their sums. Blocks. */
record ClientMetrics(Scrape scrape, Map<String, ConnectionReports> heads) {

    private static final List<String> GAUGES = List.of("messages_unacked", "messages_unconfirmed",
            "messages_uncommitted", "acks_uncommitted", "prefetch", "consumers");
    private static final Map<String, String> FACTS = Map.of("messages_unacked",
            "messages_unacknowledged", "prefetch", "prefetch_count", "consumers",
            "consumer_count");

    void add(HostTraffic traffic) {
        List<ConnectionReport> all = new ArrayList<>();
        Churn amqp = new Churn(0, 0, 0, 0, 0, 0);
        for (Map.Entry<String, ConnectionReports> head : heads.entrySet()) {
            List<ConnectionReport> reports = head.getValue().reports().join();
            Churn churn = head.getValue().churn();
            if (scrape.wanted().isEmpty()) {
                ofHead(head.getKey(), reports, churn);
            }
            if (head.getKey().equals("amqp")) {
                all.addAll(reports);
                amqp = churn;
            }
        }
        churn(amqp, traffic);
        connections(all, amqp);
        channels(all, traffic);
    }

    /** Connections and bytes of a protocol, also of connections that are closed. */
    private void ofHead(String protocol, List<ConnectionReport> reports, Churn churn) {
        Families families = scrape.families();
        long received = churn.received();
        long sent = churn.sent();
        for (ConnectionReport report : reports) {
            received += report.octets().received();
            sent += report.octets().sent();
        }
        families.gauge("taffrail_connections", "Open connections", reports.size(), "protocol",
                protocol);
        families.counter("taffrail_connections_opened", "Connections accepted", churn.opened(),
                "protocol", protocol);
        families.counter("taffrail_connections_closed", "Connections closed", churn.closed(),
                "protocol", protocol);
        families.counter("taffrail_received_bytes", "Bytes received from clients", received,
                "protocol", protocol);
        families.counter("taffrail_sent_bytes", "Bytes sent to clients", sent, "protocol",
                protocol);
    }

    private void churn(Churn amqp, HostTraffic traffic) {
        if (!scrape.wants("connection_churn_metrics")) {
            return;
        }
        scrape.counter("connections_opened", "Connections opened", amqp.opened());
        scrape.counter("connections_closed", "Connections closed", amqp.closed());
        scrape.counter("channels_opened", "Channels opened", amqp.channelsOpened());
        scrape.counter("channels_closed", "Channels closed", amqp.channelsClosed());
        scrape.counter("queues_declared", "Queues declared", traffic.queuesDeclared());
        scrape.counter("queues_created", "Queues created", traffic.queuesCreated());
        scrape.counter("queues_deleted", "Queues deleted", traffic.queuesDeleted());
    }

    private void connections(List<ConnectionReport> all, Churn amqp) {
        if (scrape.wanted().isEmpty()) {
            scrape.gauge("connections", "Connections currently open", all.size());
            scrape.gauge("channels", "Channels currently open",
                    all.stream().mapToInt(it -> it.channels().size()).sum());
            scrape.gauge("global_publishers", "Channels that have published a message",
                    all.stream().flatMap(it -> it.channels().stream())
                            .filter(it -> it.counts().of(MessageEvent.PUBLISHED) > 0).count(),
                    "protocol", "amqp091");
            scrape.gauge("global_consumers", "Consumers of channels",
                    all.stream().flatMap(it -> it.channels().stream())
                            .mapToInt(it -> it.consumers().size()).sum(),
                    "protocol", "amqp091");
        }
        if (!scrape.perObject()) {
            connection(all, amqp.received(), amqp.sent());
            return;
        }
        for (ConnectionReport report : all) {
            connection(List.of(report), 0, 0, "connection", name(report));
        }
    }

    private static String name(ConnectionReport report) {
        return report.client() + " -> " + report.listener();
    }

    private void connection(List<ConnectionReport> some, long receivedBefore, long sentBefore,
            String... labels) {
        if (scrape.wants("connection_coarse_metrics")) {
            scrape.counter("connection_incoming_bytes", "Bytes received on connections",
                    receivedBefore + some.stream().mapToLong(it -> it.octets().received()).sum(),
                    labels);
            scrape.counter("connection_outgoing_bytes", "Bytes sent on connections",
                    sentBefore + some.stream().mapToLong(it -> it.octets().sent()).sum(),
                    labels);
        }
        if (scrape.wants("connection_metrics")) {
            scrape.counter("connection_incoming_packets", "Reads from the sockets of connections",
                    some.stream().mapToLong(it -> it.octets().reads()).sum(), labels);
            scrape.counter("connection_outgoing_packets", "Writes to the sockets of connections",
                    some.stream().mapToLong(it -> it.octets().writes()).sum(), labels);
            scrape.gauge("connection_pending_packets", "Bytes that clients have not taken yet",
                    some.stream().mapToLong(it -> number(it.facts().get("send_pend"))).sum(),
                    labels);
            scrape.gauge("connection_channels", "Channels of connections",
                    some.stream().mapToInt(it -> it.channels().size()).sum(), labels);
        }
    }

    private void channels(List<ConnectionReport> all, HostTraffic traffic) {
        if (!scrape.perObject()) {
            counts(traffic.total());
            for (String gauge : GAUGES) {
                channelGauge(gauge, all.stream().flatMap(it -> it.channels().stream())
                        .mapToLong(it -> fact(it, gauge)).sum());
            }
            return;
        }
        for (ConnectionReport report : all) {
            for (ChannelReport channel : report.channels()) {
                String[] labels = {"channel", name(report) + " (" + channel.number() + ")"};
                counts(channel.counts(), labels);
                for (String gauge : GAUGES) {
                    channelGauge(gauge, fact(channel, gauge), labels);
                }
            }
        }
    }

    private static long fact(ChannelReport channel, String gauge) {
        return number(channel.facts().get(FACTS.getOrDefault(gauge, gauge)));
    }

    private static long number(@Nullable Object fact) {
        return fact instanceof Number number ? number.longValue() : 0;
    }

    private void channelGauge(String name, long value, String... labels) {
        if (scrape.wants("channel_metrics")) {
            scrape.gauge("channel_" + name, "Channels: " + name.replace('_', ' '), value, labels);
        }
    }

    private void counts(MessageCounts counts, String... labels) {
        if (scrape.wants("channel_exchange_metrics")) {
            count("messages_published", counts.of(MessageEvent.PUBLISHED), labels);
            count("messages_confirmed", counts.of(MessageEvent.CONFIRMED), labels);
            count("messages_unroutable_returned", counts.of(MessageEvent.RETURNED), labels);
            count("messages_unroutable_dropped", counts.of(MessageEvent.DROPPED), labels);
        }
        if (scrape.wants("channel_queue_metrics")) {
            count("get_ack", counts.of(MessageEvent.GOT), labels);
            count("get", counts.of(MessageEvent.GOT_SETTLED), labels);
            count("messages_delivered_ack", counts.of(MessageEvent.DELIVERED), labels);
            count("messages_delivered", counts.of(MessageEvent.DELIVERED_SETTLED), labels);
            count("messages_redelivered", counts.of(MessageEvent.REDELIVERED), labels);
            count("messages_acked", counts.of(MessageEvent.ACKNOWLEDGED), labels);
            count("get_empty", counts.of(MessageEvent.GOT_NOTHING), labels);
        }
    }

    private void count(String name, long value, String... labels) {
        scrape.counter("channel_" + name, "Messages of channels: " + name.replace('_', ' '),
                value, labels);
    }
}
