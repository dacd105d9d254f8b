package io.taffrail.broker;

import io.taffrail.broker.outbox.Outboxes;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.TopicNames;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.broker.topic.Topics;
import io.taffrail.broker.vhost.LiveVirtualHosts;
import io.taffrail.broker.vhost.LiveVirtualHosts.QueueName;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.log.LogId;
import io.taffrail.log.spi.LogEngine;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Opens logs that failed anew, by what an operator calls them: a partition as {@code TOPIC-NUMBER},
 * a queue or stream by its name, an outbox or inbox, or any of these, by the id of its log. Safe
 * for any thread.
 */
public final class Reopening {

    private final LogEngine engine;
    private final Topics topics;
    private final LiveVirtualHosts hosts;
    private final Outboxes outboxes;

    Reopening(LogEngine engine, Topics topics, LiveVirtualHosts hosts, Outboxes outboxes) {
        this.engine = engine;
        this.topics = topics;
        this.hosts = hosts;
        this.outboxes = outboxes;
    }

    /** What people call a log; empty if that is its id. */
    public Optional<String> shownName(LogId log) {
        return partition(log).map(Partition::toString)
                .or(() -> hosts.queueOf(log).map(QueueName::queue));
    }

    private Optional<Partition> partition(LogId log) {
        return TopicNames.partition(log).flatMap(
                id -> topics.find(id.topic()).flatMap(topic -> topic.partition(id.index())));
    }

    /** A partition by {@code TOPIC-NUMBER}; none for a topic that is a queue. */
    private Optional<Partition> partition(String name) {
        int dash = name.lastIndexOf('-');
        String number = name.substring(dash + 1);
        if (dash < 0 || !number.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        return topics.find(name.substring(0, dash))
                .flatMap(topic -> topic.partition(Integer.parseInt(number)));
    }

    /**
     * Opens a log anew; completes with false if it is in use, and nothing was to be done. Fails
     * with
     * a {@link BrokerException} where there is no such log, or it cannot be opened.
     *
     * @param virtualHost
     *            of a queue that is named
     */
    public CompletableFuture<Boolean> reopen(String virtualHost, String name) {
        if (outboxes.has(name)) {
            return outboxes.reopen(name).thenApply(_ -> true);
        }
        Optional<LogId> id = engine.logs().stream().filter(it -> it.value().equals(name))
                .findFirst();
        Optional<Partition> partition = id.flatMap(this::partition).or(() -> partition(name));
        if (partition.isPresent()) {
            return reopen(partition.get());
        }
        QueueName queue = id.flatMap(hosts::queueOf)
                .orElseGet(() -> new QueueName(virtualHost, name));
        VirtualHost host = hosts.find(queue.virtualHost()).orElseThrow(
                () -> new BrokerException(BrokerError.OBJECT_NOT_FOUND,
                        "Virtual host '" + queue.virtualHost() + "' does not exist"));
        return CompletableFuture.completedFuture(queue.queue())
                .thenComposeAsync(host::reopenQueue, host.owner()).thenApply(_ -> true);
    }

    private CompletableFuture<Boolean> reopen(Partition partition) {
        boolean failed = partition.offline().isPresent()
                || engine.quarantined().containsKey(partition.log().id());
        if (!failed) {
            return CompletableFuture.completedFuture(false);
        }
        return topics.reopenNow(partition.topic(), partition.index())
                .thenApply(outcome -> switch (outcome) {
                    case TopicOutcome.Done _ -> true;
                    case TopicOutcome.Refused(BrokerError error, String detail) ->
                        throw new BrokerException(error, detail);
                });
    }
}
