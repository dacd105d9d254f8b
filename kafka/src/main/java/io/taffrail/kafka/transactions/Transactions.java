package io.taffrail.kafka.transactions;

import io.taffrail.broker.Broker;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.FeatureLevels;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.TransactionJoin;
import io.taffrail.kafka.groups.Groups;
import io.taffrail.log.spi.Registration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** The transaction coordinator of one broker (KIP-98). Safe for any thread. */
public final class Transactions implements TransactionJoin, AutoCloseable {

    private final Broker broker;
    private final TransactionSettings settings;
    private final Groups groups;
    private final Markers markers;
    private final Shards shards;
    private final Registration watch;

    private Transactions(Broker broker, TransactionSettings settings, Groups groups,
            Markers markers, Shards shards) {
        this.broker = broker;
        this.settings = settings;
        this.groups = groups;
        this.markers = markers;
        this.shards = shards;
        this.watch = broker.topics().watch(shards);
    }

    /**
     * Starts to load the transactional ids in the background. If there are none, the topic that
     * stores them is created by the first request for one. Close the result before the groups.
     *
     * @param open
     *            gets the states of all transactional producers
     * @param features
     *            tells the version of the stored records
     * @param disk
     *            runs reads that may block on the disk
     */
    public static Transactions start(Broker broker, TransactionSettings settings,
            OpenTransactions open, Groups groups, FeatureLevels features, Executor disk) {
        return start(broker, settings, open, groups, features, disk,
                TransactionSpace.ofHeap(TimeSource.of(broker.clock())));
    }

    static Transactions start(Broker broker, TransactionSettings settings, OpenTransactions open,
            Groups groups, FeatureLevels features, Executor disk, TransactionSpace space) {
        Markers markers = new Markers(broker.topics(), groups, broker.clock());
        ShardContext context = new ShardContext(broker.topics(), settings, open,
                space, markers, features, broker.clock());
        return new Transactions(broker, settings, groups, markers,
                new Shards(new TransactionsTopic(broker.topics(), settings), context,
                        broker::timers, disk));
    }

    /** Completes with NONE when the shard of a transactional id has been loaded. */
    public CompletableFuture<Errors> ready(String id) {
        return shards.ready(id);
    }

    @Override
    public CompletableFuture<Errors> join(String id, long producerId, short epoch,
            Collection<TopicPartition> partitions) {
        Set<TopicPart> parts = new HashSet<>();
        for (TopicPartition each : partitions) {
            parts.add(new TopicPart(each.topic(), each.partition()));
        }
        return shards.ask(id, shard -> shard.ask(id, now -> Rules.add(now, producerId, epoch,
                parts, broker.clock().millis())), error -> new Shard.Outcome(error, null))
                .thenApply(Shard.Outcome::error);
    }

    /**
     * Handlers of all requests about transactions.
     *
     * @param aside
     *            runs searches that take long
     */
    public List<Handler<?>> handlers(Aside aside) {
        return List.of(
                new InitProducerIdHandler(broker.producerIds(), shards, settings.maxTimeoutMs(),
                        broker.clock()),
                new AddPartitionsToTxnHandler(shards, markers, broker.clock()),
                new AddOffsetsToTxnHandler(shards, groups, broker.clock()),
                new EndTxnHandler(broker.producerIds(), shards, broker.clock()),
                new WriteTxnMarkersHandler(markers),
                new ListTransactionsHandler(shards, aside, broker.clock()),
                new DescribeTransactionsHandler(shards));
    }

    public TransactionSettings settings() {
        return settings;
    }

    /** Ends the shards. Transactions that are open or ending continue after the next start. */
    @Override
    public void close() {
        watch.close();
        shards.close();
    }
}
