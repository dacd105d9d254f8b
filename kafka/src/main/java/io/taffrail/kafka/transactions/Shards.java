package io.taffrail.kafka.transactions;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicListener;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Owner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards of the transaction coordinator, one for each partition of {@code __transaction_state},
 * each on the owner of its partition's log. A transactional id belongs to the shard
 * {@code abs(hash(id)) % partitions}. A shard is loaded when its partition appears, and again when
 * its log has been reopened. Safe for any thread.
 */
final class Shards implements TopicListener {

    private static final Logger LOG = LoggerFactory.getLogger(Shards.class);

    /** A shard, and the end of its loading, which never fails. */
    private record Served(Partition partition, Shard shard, CompletableFuture<Void> settled) {}

    private final TransactionsTopic topic;
    private final ShardContext context;
    private final Function<Owner, Timers> newTimers;
    private final Executor disk;
    private final Map<Owner, Timers> timers = new HashMap<>();
    /** Number of shards, once all of them are in {@link #served}. */
    private volatile int number;
    private final Map<Integer, Served> served = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * @param newTimers
     *            creates the timers of an owner
     * @param disk
     *            runs the reading of logs
     */
    Shards(TransactionsTopic topic, ShardContext context, Function<Owner, Timers> newTimers,
            Executor disk) {
        this.topic = topic;
        this.context = context;
        this.newTimers = newTimers;
        this.disk = disk;
    }

    /** Creates the topic if it does not exist; completes with NONE when the id can be served. */
    CompletableFuture<Errors> ready(String id) {
        return topic.findOrCreate().thenCompose(outcome -> switch (outcome) {
            case TopicOutcome.Done(Topic created) -> {
                changed(created);
                Served shard = served.get(shardOf(id));
                yield shard == null
                        ? CompletableFuture.completedFuture(Errors.COORDINATOR_NOT_AVAILABLE)
                        : shard.settled().thenApply(_ -> Errors.NONE);
            }
            case TopicOutcome.Refused refused -> {
                LOG.warn("transactions cannot be served; the next request tries again: {} {}",
                        refused.error().text(), refused.detail());
                yield CompletableFuture.completedFuture(Errors.COORDINATOR_NOT_AVAILABLE);
            }
        });
    }

    private int shardOf(String id) {
        int shards = number;
        return shards == 0 ? -1 : Utils.abs(id.hashCode()) % shards;
    }

    /**
     * Asks the shard of a transactional id, on its owner's thread.
     *
     * @param none
     *            the answer if no shard serves the id
     */
    <T> CompletableFuture<T> ask(String id, Function<Shard, CompletableFuture<T>> question,
            Function<Errors, T> none) {
        Served to = served.get(shardOf(id));
        return to == null
                ? CompletableFuture.completedFuture(none.apply(Errors.NOT_COORDINATOR))
                : ask(to, question, none);
    }

    private static <T> CompletableFuture<T> ask(Served to,
            Function<Shard, CompletableFuture<T>> question, Function<Errors, T> none) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            to.partition().owner().execute(() -> Guard.run(() -> {
                var _ = question.apply(to.shard()).whenComplete((answer, failure) -> {
                    if (failure == null) {
                        result.complete(answer);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            }, result::completeExceptionally));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} has no owner any more", to.partition(), e);
            result.complete(none.apply(Errors.NOT_COORDINATOR));
        }
        return result;
    }

    /** The states of all loaded transactional ids, in no order. */
    CompletableFuture<List<TransactionalId>> states() {
        List<CompletableFuture<List<TransactionalId>>> all = new ArrayList<>();
        for (Served each : served.values()) {
            all.add(ask(each, shard -> CompletableFuture.completedFuture(shard.states()),
                    _ -> List.of()));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(_ -> all
                .stream().flatMap(states -> states.join().stream()).toList());
    }

    /** Completes when no shard is being loaded. */
    CompletableFuture<Void> settled() {
        return CompletableFuture.allOf(served.values().stream().map(Served::settled)
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public synchronized void changed(Topic changed) {
        if (closed || !changed.name().equals(TransactionsTopic.NAME)) {
            return;
        }
        for (Partition partition : changed.partitions()) {
            Served now = served.get(partition.index());
            if (now == null || !now.partition().log().equals(partition.log())) {
                context.open().unknown(partition.index());
                Served next = new Served(partition, new Shard(partition, context,
                        timers.computeIfAbsent(partition.owner(), newTimers)),
                        new CompletableFuture<>());
                served.put(partition.index(), next);
                if (now != null) {
                    end(now);
                }
                load(next);
            }
        }
        number = changed.partitions().size();
    }

    @Override
    public synchronized void deleted(Topic deleted) {
        if (deleted.name().equals(TransactionsTopic.NAME)) {
            number = 0;
            List<Served> all = List.copyOf(served.values());
            served.clear();
            for (Served each : all) {
                end(each);
                execute(each, () -> context.open().known(each.partition().index()));
            }
        }
    }

    private static void end(Served served) {
        execute(served, served.shard()::close);
        served.settled().complete(null);
    }

    private static void execute(Served served, Runnable task) {
        try {
            served.partition().owner().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} has no owner any more", served.partition(), e);
        }
    }

    private void load(Served to) {
        execute(to, () -> LogEnd.whenDurable(to.partition().log(), end -> {
            if (end == 0) {
                activate(to, List.of());
            } else {
                disk.execute(() -> read(to, end));
            }
        }));
    }

    private void read(Served to, long end) {
        try {
            Map<String, TransactionalId> states = ShardReader.read(to.partition().log(), end);
            execute(to, () -> activate(to, states.values()));
        } catch (Throwable e) {
            FailStop.check(e);
            failed(to, e);
        }
    }

    private static void activate(Served to, Collection<TransactionalId> states) {
        Guard.run(() -> {
            to.shard().activate(states);
            to.settled().complete(null);
        }, failure -> failed(to, failure));
    }

    private static void failed(Served to, @Nullable Throwable failure) {
        LOG.error("KAF-026 the transactional ids of {} cannot be served", to.partition(), failure);
        end(to);
    }

    /** Ends all shards; requests are answered with NOT_COORDINATOR. */
    synchronized void close() {
        closed = true;
        served.values().forEach(Shards::end);
    }
}
