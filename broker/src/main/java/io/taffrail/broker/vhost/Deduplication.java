package io.taffrail.broker.vhost;

import io.taffrail.broker.deduplication.CacheSettings;
import io.taffrail.broker.deduplication.MarkLog;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.exchange.Gate;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.log.LogId;
import io.taffrail.log.guard.FailStop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The de-duplication marks of all exchanges of one virtual host that drop duplicates. Owner thread
 * only.
 */
final class Deduplication {

    private final QueueOpener opener;
    private final QueueContext context;
    private final TopologyStore store;
    private final Quarantines quarantines;
    private final Map<String, MarkGate> open = new HashMap<>();
    /** Logs being deleted; a log of the same name is created only after that. */
    private final Map<LogId, CompletableFuture<Void>> deleting = new HashMap<>();

    Deduplication(QueueOpener opener, QueueContext context, TopologyStore store,
            Quarantines quarantines) {
        this.opener = opener;
        this.context = context;
        this.store = store;
        this.quarantines = quarantines;
    }

    /**
     * As {@link #open}, at a start. If the log cannot be read, the marks are quarantined and the
     * exchange takes no messages, but the start goes on.
     */
    CompletableFuture<Gate> load(ExchangeDeclaration exchange) {
        return open(exchange).exceptionallyAsync(failure -> {
            Throwable cause = Serial.cause(failure);
            FailStop.check(cause);
            MarkGate gate = new MarkGate(CacheSettings.read(exchange.arguments()),
                    store.marksLog(exchange.name()));
            open.put(exchange.name(), gate);
            failed(gate, cause);
            return gate;
        }, context.owner());
    }

    /** Opens the marks of an exchange that is being declared; completes on the owner's thread. */
    CompletableFuture<Gate> open(ExchangeDeclaration exchange) {
        CacheSettings settings = CacheSettings.read(exchange.arguments());
        LogId id = store.marksLog(exchange.name());
        MarkGate gate = new MarkGate(settings, id);
        if (!exchange.durable() || !settings.kept()) {
            gate.use(MarkLog.ofTransient(settings, context.turn(), context.clock()));
            open.put(exchange.name(), gate);
            return CompletableFuture.completedFuture(gate);
        }
        return deleting.getOrDefault(id, CompletableFuture.completedFuture(null))
                .thenCompose(_ -> read(gate))
                .thenApply(_ -> {
                    open.put(exchange.name(), gate);
                    return gate;
                });
    }

    /** Reads the stored marks; completes on the owner's thread when the gate uses them. */
    private CompletableFuture<Void> read(MarkGate gate) {
        return opener.openMarks(gate.log())
                .thenComposeAsync(log -> MarkLog.opening(gate.settings(), log, context.turn(),
                        context.clock(), context.steps()), context.owner())
                .thenAccept(marks -> {
                    marks.onFailed(cause -> failed(gate, cause));
                    gate.use(marks);
                });
    }

    private void failed(MarkGate gate, Throwable cause) {
        var _ = quarantines.add(gate.log().value(), cause);
    }

    /** Whether an exchange keeps its marks in this log. */
    boolean has(String log) {
        return gate(log).isPresent();
    }

    private Optional<MarkGate> gate(String log) {
        return open.values().stream().filter(it -> it.log().value().equals(log)).findFirst();
    }

    /**
     * Reopens marks that failed from their log; does nothing if they have not failed. Completes on
     * the owner's thread when the exchange takes messages again.
     */
    CompletableFuture<Void> reopen(String log) {
        Optional<MarkGate> failed = gate(log).filter(
                it -> it.isOut() || opener.isQuarantined(it.log()));
        if (failed.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        MarkGate gate = failed.get();
        return context.turn().ended().thenCompose(_ -> opener.renewed())
                .thenComposeAsync(_ -> {
                    gate.close();
                    return read(gate);
                }, context.owner()).thenRun(() -> quarantines.remove(log));
    }

    /** Drops the marks of an exchange that was deleted, and deletes their log. */
    void deleted(String exchange) {
        MarkGate gate = open.remove(exchange);
        if (gate == null) {
            return;
        }
        gate.close();
        quarantines.remove(gate.log().value());
        CompletableFuture<Void> gone = opener.delete(gate.log());
        deleting.put(gate.log(), gone);
        var _ = gone.thenRunAsync(() -> deleting.remove(gate.log(), gone), context.owner());
    }

    void close() {
        open.values().forEach(MarkGate::close);
    }
}
