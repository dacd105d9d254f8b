package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.exchange.PartitionRouter;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.QueueArguments;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.stream.PartitionLog;
import io.taffrail.broker.stream.StreamQueue;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicHosting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The super streams that show topics: partition {@code n} of topic {@code t} is the stream
 * {@code t-n}, and {@code t} is an exchange bound to all of them. Objects that clients declared
 * under such a name before stay unchanged. Owner thread only.
 */
final class TopicStreams {

    private static final Logger LOG = LoggerFactory.getLogger(TopicStreams.class);
    private static final FieldTable STREAM = FieldTable.of(
            Map.of("x-queue-type", new FieldValue.Text(QueueType.STREAM.argument())));

    /** A partition that is shown, with its stream. */
    private record Shown(StreamQueue queue, PartitionLog log) {}

    private final Topology topology;
    private final ExchangeChanges exchanges;
    private final QueueContext context;
    private final HostRefusals refusals;
    private final TopicHosting hosting;
    private final Quarantines quarantines;
    private final Map<String, Shown> shown = new HashMap<>();

    TopicStreams(Topology topology, ExchangeChanges exchanges, QueueContext context,
            HostRefusals refusals, TopicHosting hosting, Quarantines quarantines) {
        this.topology = topology;
        this.exchanges = exchanges;
        this.context = context;
        this.refusals = refusals;
        this.hosting = hosting;
        this.quarantines = quarantines;
    }

    /** Shows a topic as it is now; does nothing for internal topics and queues shown as topics. */
    void show(Topic topic) {
        if (topic.internal() || hosting.isHosted(topic.name())
                || !hosting.topics().find(topic.name()).equals(Optional.of(topic))) {
            return;
        }
        List<StreamQueue> streams = new ArrayList<>();
        for (Partition partition : topic.partitions()) {
            stream(topic, partition).ifPresent(streams::add);
        }
        PartitionRouter router = router(topic.name());
        if (router != null) {
            router.partitions(streams);
            streams.forEach(stream -> bind(topic.name(), stream));
        }
    }

    private Optional<StreamQueue> stream(Topic topic, Partition partition) {
        String name = topic.name() + "-" + partition.index();
        Shown before = shown.get(name);
        Optional<AnyQueue> present = topology.queue(name);
        if (before == null && present.isPresent()) {
            LOG.warn("partition {} of topic {} is hidden by a queue of the name {}",
                    partition.index(), topic.name(), name);
            return Optional.empty();
        }
        if (before != null && before.log().isOf(partition, topic.config().intake())) {
            return Optional.of(before.queue());
        }
        PartitionLog log = new PartitionLog(partition, topic.config().intake(), context);
        if (before == null) {
            StreamQueue queue = stream(name, log);
            topology.add(queue);
            shown.put(name, new Shown(queue, log));
            return Optional.of(queue);
        }
        if (before.queue().quarantine().isPresent()) {
            return Optional.of(replace(name, before, log));
        }
        before.queue().moveTo(log);
        shown.put(name, new Shown(before.queue(), log));
        return Optional.of(before.queue());
    }

    private StreamQueue stream(String name, PartitionLog log) {
        QueueDeclaration declaration = new QueueDeclaration(name, true, false, false, STREAM);
        String object = refusals.queue(name);
        return new StreamQueue(declaration, QueueArguments.read(declaration, object), object, log,
                context);
    }

    /** Replaces a failed stream, whose consumers were cancelled, with a new one. */
    private StreamQueue replace(String name, Shown failed, PartitionLog log) {
        failed.log().retire();
        StreamQueue queue = stream(name, log);
        topology.replace(failed.queue(), queue);
        shown.put(name, new Shown(queue, log));
        quarantines.remove(name);
        return queue;
    }

    /** Whether the stream of this name shows a partition. */
    boolean shows(String name) {
        return shown.containsKey(name);
    }

    /** Reopens a failed stream over the log its partition has now. */
    void reopen(String name) {
        Shown failed = shown.get(name);
        if (failed == null || failed.queue().quarantine().isEmpty()) {
            return;
        }
        Partition partition = failed.log().partition();
        hosting.topics().find(partition.topic()).ifPresent(topic -> {
            replace(name, failed, new PartitionLog(topic.partition(partition.index())
                    .orElse(partition), topic.config().intake(), context));
            show(topic);
        });
    }

    private @Nullable PartitionRouter router(String name) {
        Optional<Exchange> present = topology.exchange(name);
        if (present.isEmpty()) {
            PartitionRouter router = new PartitionRouter();
            topology.add(new ExchangeDeclaration(name, "direct", true, false, false,
                    FieldTable.EMPTY), router);
            return router;
        }
        return present.get().router() instanceof PartitionRouter router ? router : null;
    }

    private void bind(String exchange, StreamQueue stream) {
        String index = stream.name().substring(exchange.length() + 1);
        Binding binding = new Binding(exchange, stream.name(), true, index, FieldTable.EMPTY);
        if (!topology.has(binding)) {
            topology.add(binding);
        }
    }

    /** Hides a deleted topic; completes with the keys of bindings that may be in the store. */
    CompletableFuture<List<String>> hide(Topic topic) {
        Removal removal = exchanges.removal();
        if (topology.exchange(topic.name())
                .filter(it -> it.router() instanceof PartitionRouter).isPresent()) {
            removal.exchange(topic.name());
        }
        List<Shown> gone = new ArrayList<>();
        for (Partition partition : topic.partitions()) {
            String name = topic.name() + "-" + partition.index();
            Shown stream = shown.remove(name);
            if (stream != null) {
                removal.bindingsTo(name);
                gone.add(stream);
            }
        }
        return removal.forget().thenApply(keys -> {
            gone.forEach(stream -> {
                topology.removeQueue(stream.queue().name());
                stream.queue().delete();
            });
            return keys;
        });
    }
}
