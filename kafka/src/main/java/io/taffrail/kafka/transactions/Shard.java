package io.taffrail.kafka.transactions;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.topic.Partition;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.log.text.Printable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional ids of one partition of {@code __transaction_state}. A rule decides, the
 * decision is appended to the partition's log, and it becomes the state when it is durable. The
 * end of a transaction then goes on by itself: markers are written to its partitions, and when all
 * are durable its completion is stored. A shard that is loaded continues what it finds begun.
 *
 * <pre>
 *          add                 end, fence, time-out              markers durable
 *  EMPTY ───────► ONGOING ───────────────────────► PREPARE_COMMIT ──────────────► COMPLETE_COMMIT
 *    ▲               ▲                             PREPARE_ABORT                  COMPLETE_ABORT
 *    │               └───────────────────────────────── add ──────────────────────────┤
 *    └───────────────────────────────────────────────── init ─────────────────────────┘
 * </pre>
 *
 * Owner thread only.
 */
final class Shard {

    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    /** Pause before what could not be written is written again, in milliseconds. */
    private static final int RETRY_MS = 200;
    /** Most unused ids removed in one step. */
    private static final int REMOVED_AT_ONCE = 1000;

    /** Outcome of a request: an error, or NONE with the state that it led to. */
    record Outcome(Errors error, @Nullable TransactionalId state) {}

    private final Partition partition;
    private final WritableLog log;
    private final ShardContext context;
    private final Timers timers;
    private final ShardWriter writer;
    private final Map<String, ShardEntry> entries = new HashMap<>();
    private final Set<ShardEntry> ongoing = new LinkedHashSet<>();
    /** False before the state is loaded, and after the log has failed or the shard was closed. */
    private boolean active;
    private boolean closed;
    private Registration timeOuts = () -> {};
    private Registration expiry = () -> {};

    Shard(Partition partition, ShardContext context, Timers timers) {
        this.partition = partition;
        this.log = partition.log();
        this.context = context;
        this.timers = timers;
        this.writer = new ShardWriter(log, () -> active, this::fail, this::failed);
    }

    /** Takes the state that was read from the log, and continues the transactions that end. */
    void activate(Collection<TransactionalId> loaded) {
        if (closed) {
            return;
        }
        active = true;
        for (TransactionalId state : loaded) {
            ShardEntry entry = new ShardEntry();
            entries.put(state.id(), entry);
            context.space().add(state.bytes());
            apply(entry, state);
        }
        context.open().known(partition.index());
        scheduleTimeOuts();
        scheduleExpiry();
    }

    /**
     * Applies a rule to the state of a transactional id. Completes when the answer is durable;
     * never fails.
     *
     * @param rule
     *            gets the present state, null if the id is unknown
     */
    CompletableFuture<Outcome> ask(String id,
            Function<@Nullable TransactionalId, Decision> rule) {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        decide(id, rule, result, true);
        return result;
    }

    private void decide(String id, Function<@Nullable TransactionalId, Decision> rule,
            CompletableFuture<Outcome> result, boolean mayWait) {
        Guard.run(() -> decideNow(id, rule, result, mayWait), failure -> {
            LOG.error("KAF-027 a request about the transactional id {} failed",
                    Printable.brief(id), failure);
            result.complete(new Outcome(Errors.UNKNOWN_SERVER_ERROR, null));
        });
    }

    private void decideNow(String id, Function<@Nullable TransactionalId, Decision> rule,
            CompletableFuture<Outcome> result, boolean mayWait) {
        if (!active) {
            result.complete(new Outcome(closed
                    ? Errors.NOT_COORDINATOR
                    : Errors.COORDINATOR_LOAD_IN_PROGRESS, null));
            return;
        }
        ShardEntry entry = entries.get(id);
        TransactionalId now = entry == null ? null : entry.state;
        boolean writing = entry != null && entry.writing;
        Decision decision = rule.apply(now);
        if (decision instanceof Decision.Answer(Errors error) && error != Errors.NONE
                && isAboutProducer(now, error)) {
            result.complete(new Outcome(error, now));
        } else if (entry != null && (writing || isConcurrent(decision))) {
            if (!mayWait || !entry.isBusy()
                    || !entry.await(timers, () -> decide(id, rule, result, false))) {
                result.complete(new Outcome(Errors.CONCURRENT_TRANSACTIONS, now));
            }
        } else {
            answer(entry, now, decision, result);
        }
    }

    private static boolean isConcurrent(Decision decision) {
        return decision instanceof Decision.Answer(Errors error)
                && error == Errors.CONCURRENT_TRANSACTIONS;
    }

    private void answer(@Nullable ShardEntry entry, @Nullable TransactionalId now,
            Decision decision, CompletableFuture<Outcome> result) {
        switch (decision) {
            case Decision.Answer(Errors error) -> result.complete(new Outcome(error, now));
            case Decision.NeedsProducerId _ -> result.complete(new Outcome(Errors.NONE, null));
            case Decision.Change(TransactionalId next, Errors answer) ->
                change(entry, next, error -> result.complete(
                        new Outcome(error == Errors.NONE ? answer : error, next)));
        }
    }

    /** Whether the error stays the answer, whatever the record that is being written. */
    private static boolean isAboutProducer(@Nullable TransactionalId now, Errors error) {
        return now != null && (error == Errors.INVALID_PRODUCER_ID_MAPPING
                || error == Errors.PRODUCER_FENCED);
    }

    /** The present state of an id; null if it is unknown. */
    @Nullable
    TransactionalId state(String id) {
        ShardEntry entry = entries.get(id);
        return entry == null ? null : entry.state;
    }

    /** The present state of all ids. */
    List<TransactionalId> states() {
        List<TransactionalId> states = new ArrayList<>(entries.size());
        for (ShardEntry entry : entries.values()) {
            if (entry.state != null) {
                states.add(entry.state);
            }
        }
        return states;
    }

    boolean isActive() {
        return active;
    }

    private void change(@Nullable ShardEntry existing, TransactionalId next,
            Consumer<Errors> done) {
        ShardEntry entry = existing == null ? new ShardEntry() : existing;
        ByteBuffer batch = TransactionRecords.batch(next,
                context.features().hasFlexibleTransactions());
        long before = entry.state == null ? 0 : entry.state.bytes();
        long more = Math.max(0, next.bytes() - before);
        if (more > 0 && !context.space().tryAdd(more)) {
            done.accept(Errors.COORDINATOR_NOT_AVAILABLE);
            return;
        }
        Errors refused = writer.append(entry, batch, next.isOngoing()
                ? TransactionsTopic.MAX_BATCH_BYTES
                : TransactionsTopic.MAX_END_BYTES, () -> {
                    context.space().add(Math.min(0, next.bytes() - before));
                    apply(entry, next);
                }, error -> {
                    if (error != Errors.NONE) {
                        context.space().add(-more);
                    }
                    done.accept(error);
                });
        if (refused != Errors.NONE) {
            context.space().add(-more);
            done.accept(refused);
            return;
        }
        entries.putIfAbsent(next.id(), entry);
        if (next.isEnding()) {
            // No batch may follow a marker, so the partitions are closed before the first one.
            context.open().put(next);
        }
    }

    /** Makes a durable record the state. */
    private void apply(ShardEntry entry, TransactionalId next) {
        TransactionalId before = entry.state;
        entry.state = next;
        if (before == null) {
            context.open().put(next);
        } else {
            context.open().replace(before, next);
        }
        if (next.isOngoing()) {
            ongoing.add(entry);
        } else {
            ongoing.remove(entry);
        }
        if (next.isEnding()) {
            writeMarkers(entry, next, next.partitions());
        }
    }

    private void writeMarkers(ShardEntry entry, TransactionalId ending,
            Collection<TopicPart> partitions) {
        Marker marker = Marker.of(ending, Math.max(0, log.leaderEpoch()));
        var _ = context.markers().write(marker, partitions)
                .whenComplete((again, failure) -> partition.owner()
                        .execute(() -> step(() -> written(entry, ending,
                                again == null ? partitions : again, failure))));
    }

    private void written(ShardEntry entry, TransactionalId ending, Collection<TopicPart> again,
            @Nullable Throwable failure) {
        if (!active) {
            return;
        }
        if (failure != null) {
            LOG.error("KAF-024 the markers of {} could not be written; they are tried again",
                    Printable.brief(ending.id()), failure);
        }
        if (again.isEmpty()) {
            complete(entry, ending);
        } else {
            var _ = later(RETRY_MS, () -> writeMarkers(entry, ending, again));
        }
    }

    private void complete(ShardEntry entry, TransactionalId ending) {
        change(entry, ending.ended(context.clock().millis()), error -> {
            if (error != Errors.NONE) {
                var _ = later(RETRY_MS, () -> complete(entry, ending));
            }
        });
    }

    private Registration later(long delayMs, Runnable task) {
        return timers.after(delayMs, () -> {
            if (active) {
                step(task);
            }
        });
    }

    /**
     * Runs a step that no request waits for. After an unexpected exception the state in memory may
     * be that of half a step, and the end of a transaction may have stopped; therefore the shard
     * ends, and is loaded from its log again, which continues what has begun.
     */
    private void step(Runnable task) {
        Guard.run(task, this::failed);
    }

    private void failed(Throwable unexpected) {
        LOG.error("KAF-023 a change of a transaction in {} failed", partition, unexpected);
        fail(unexpected.toString());
    }

    private void scheduleTimeOuts() {
        timeOuts = later(context.settings().timeOutCheckMs(), () -> {
            scheduleTimeOuts();
            abortTimedOut();
        });
    }

    private void abortTimedOut() {
        long nowMs = context.clock().millis();
        for (ShardEntry entry : List.copyOf(ongoing)) {
            TransactionalId state = entry.state;
            if (state != null && Rules.isTimedOut(state, nowMs)) {
                LOG.info("the transaction of {} has timed out and is aborted",
                        Printable.brief(state.id()));
                var _ = ask(state.id(), now -> Rules.timeOut(now, nowMs));
            }
        }
    }

    private void scheduleExpiry() {
        expiry = later(context.settings().expirationCheckMs(), () -> {
            scheduleExpiry();
            removeExpired();
        });
    }

    private void removeExpired() {
        long nowMs = context.clock().millis();
        List<ShardEntry> expired = entries.values().stream()
                .filter(entry -> entry.state != null && !entry.writing && Rules.isExpired(
                        entry.state, context.settings().expirationMs(), nowMs))
                .limit(REMOVED_AT_ONCE).toList();
        for (ShardEntry entry : expired) {
            TransactionalId state = entry.state;
            if (state != null) {
                var _ = writer.append(entry, TransactionRecords.removal(state.id(), nowMs),
                        TransactionsTopic.MAX_END_BYTES, () -> remove(state), _ -> {});
            }
        }
        if (expired.size() == REMOVED_AT_ONCE) {
            var _ = later(RETRY_MS, this::removeExpired);
        }
    }

    private void remove(TransactionalId state) {
        entries.remove(state.id());
        context.open().remove(state);
        context.space().add(-state.bytes());
    }

    /** Ends the shard after its log has failed; it is loaded again when the log is reopened. */
    private void fail(String reason) {
        if (active) {
            LOG.error("KAF-025 {} has failed; its transactional ids are served again when it has"
                    + " been reopened: {}", partition, reason);
            context.topics().reopen(partition);
            close();
        }
    }

    /** Ends the shard; requests are answered with NOT_COORDINATOR. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        active = false;
        timeOuts.close();
        expiry.close();
        context.open().unknown(partition.index());
        for (TransactionalId state : states()) {
            context.open().remove(state);
            context.space().add(-state.bytes());
        }
        List<ShardEntry> waiting = List.copyOf(entries.values());
        entries.clear();
        ongoing.clear();
        waiting.forEach(ShardEntry::wake);
    }
}
