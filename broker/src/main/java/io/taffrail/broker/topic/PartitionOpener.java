package io.taffrail.broker.topic;

import io.taffrail.broker.HeldLease;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The component that opens the logs of topics, spread over the owners. */
final class PartitionOpener {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionOpener.class);

    private final LogEngine engine;
    private final HeldLease lease;
    private final List<Owner> owners;

    PartitionOpener(LogEngine engine, Lease lease, List<Owner> owners) {
        this.engine = engine;
        this.lease = new HeldLease(engine.metaStore(), lease);
        this.owners = List.copyOf(owners);
    }

    /** Starts opening partitions {@code from} (inclusive) to {@code to} (exclusive). */
    List<CompletableFuture<Partition>> open(String name, TopicRecord topic, TopicConfig config,
            int from, int to) {
        List<CompletableFuture<Partition>> opening = new ArrayList<>(to - from);
        for (int index = from; index < to; index++) {
            opening.add(open(name, topic, config, index));
        }
        return opening;
    }

    /** Opens one log; completes with a stand-in if it cannot be opened. */
    private CompletableFuture<Partition> open(String name, TopicRecord topic, TopicConfig config,
            int index) {
        LogId id = TopicNames.logId(name, topic.id(), index);
        Owner owner = ownerOf(name, index);
        LogOptions options = optionsOf(config, index);
        return engine.openForWrite(id, lease.now(), options, owner)
                .thenApply(log -> new Partition(name, index, log, owner))
                .exceptionally(failure -> {
                    LOG.error("partition {}-{} is offline: its log could not be opened", name,
                            index,
                            failure);
                    return new Partition(name, index,
                            new OfflineLog(id, options, reason(failure)), owner);
                });
    }

    /** Whether the engine has quarantined the partition's log. */
    boolean isQuarantined(Partition partition) {
        return engine.quarantined().containsKey(partition.log().id());
    }

    /**
     * Reopens a partition's log with its current options and under a higher epoch; fails if it
     * cannot be opened.
     */
    CompletableFuture<Partition> reopen(Partition failed) {
        return lease.renewed()
                .thenCompose(renewed -> engine.openForWrite(failed.log().id(), renewed,
                        failed.log().options(), failed.owner()))
                .thenApply(log -> new Partition(failed.topic(), failed.index(), log,
                        failed.owner()));
    }

    private Owner ownerOf(String name, int index) {
        int hash = name.hashCode();
        return owners.get(Math.floorMod((hash ^ (hash >>> 16)) + index, owners.size()));
    }

    /** The topic's log options with the partition's share of the jitter. */
    static LogOptions optionsOf(TopicConfig config, int index) {
        LogOptions options = config.log();
        long jitterMs = Math.min(config.segmentJitterMs(), options.segmentAge().toMillis() - 1);
        if (jitterMs <= 0) {
            return options;
        }
        long spread = Math.floorMod(index * 0x9E3779B97F4A7C15L, jitterMs + 1);
        return new LogOptions(options.durability(), options.segmentBytes(),
                options.segmentAge().minusMillis(spread), options.indexIntervalBytes(),
                options.retentionBytes(), options.retentionMs(), options.deleteRetained(),
                options.compaction(), options.producerExpiry());
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }
}
