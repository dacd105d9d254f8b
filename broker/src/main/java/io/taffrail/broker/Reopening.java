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
import java.util.concurrent.CompletionException;

/**
 * The command that reopens failed logs by the names operators use: a partition as
 * {@code TOPIC-NUMBER}, a queue or stream by its name, an outbox or inbox, or any log by its id.
 * Safe for any thread.
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

    /** The operator's name of a log; empty if that is its id. */
    public Optional<String> shownName(LogId log) {
        return partition(log).map(Partition::toString)
                .or(() -> hosts.queueOf(log).map(QueueName::queue));
    }

    private Optional<Partition> partition(LogId log) {
        return TopicNames.partition(log).flatMap(
                id -> topics.find(id.topic()).flatMap(topic -> topic.partition(id.index())));
    }

    /** The partition with this {@code TOPIC-NUMBER}; empty for a queue shown as a topic. */
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
     * Reopens a log; completes with false if the log is in use and needs no reopening. Throws or
     * fails with a {@link BrokerException} if there is no such virtual host or log, or if it cannot
     * be opened.
     *
     * @param virtualHost
     *            the virtual host, if {@code name} is that of a queue
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
                        "no virtual host '" + queue.virtualHost() + "'"));
        return CompletableFuture.completedFuture(queue.queue())
                .thenComposeAsync(host::reopenQueue, host.owner()).thenApply(_ -> true)
                .exceptionallyCompose(failure -> CompletableFuture
                        .failedFuture(id.isPresent() ? failure : missing(name, failure)));
    }

    /** A name that is no queue's may also have meant a partition or a log. */
    private static Throwable missing(String name, Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return cause instanceof BrokerException refusal
                && refusal.error() == BrokerError.QUEUE_NOT_FOUND
                        ? new BrokerException(BrokerError.OBJECT_NOT_FOUND,
                                "no partition, queue or log '" + name + "'")
                        : failure;
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
