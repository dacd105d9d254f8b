package io.taffrail.broker.vhost;

import io.taffrail.broker.deduplication.CacheSettings;
import io.taffrail.broker.deduplication.MarkLog;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.exchange.Gate;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.log.LogId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What the exchanges of one virtual host have seen that drop duplicates. Owner thread only. */
final class Deduplication {

    /** Marks as an exchange asks them. */
    private record MarkGate(MarkLog marks) implements Gate {

        @Override
        public boolean admits(Properties properties) {
            return marks.add(properties);
        }

        @Override
        public void withdraw(Properties properties) {
            marks.withdraw(properties);
        }
    }

    private final QueueOpener opener;
    private final QueueContext context;
    private final TopologyStore store;
    private final Map<String, MarkLog> open = new HashMap<>();
    /** Logs that are on their way out, which may be made anew only then. */
    private final Map<LogId, CompletableFuture<Void>> deleting = new HashMap<>();

    Deduplication(QueueOpener opener, QueueContext context, TopologyStore store) {
        this.opener = opener;
        this.context = context;
        this.store = store;
    }

    /**
     * Opens the marks of an exchange that is about to be there; completes on the owner's thread.
     */
    CompletableFuture<Gate> open(ExchangeDeclaration exchange) {
        CacheSettings settings = CacheSettings.read(exchange.arguments());
        if (!exchange.durable() || !settings.kept()) {
            MarkLog marks = new MarkLog(settings, null, context.turn(), context.clock());
            open.put(exchange.name(), marks);
            return CompletableFuture.completedFuture(new MarkGate(marks));
        }
        LogId id = store.marksLog(exchange.name());
        return deleting.getOrDefault(id, CompletableFuture.completedFuture(null))
                .thenCompose(_ -> opener.openMarks(id))
                .thenApplyAsync(log -> {
                    MarkLog marks = new MarkLog(settings, log, context.turn(), context.clock());
                    open.put(exchange.name(), marks);
                    return new MarkGate(marks);
                }, context.owner());
    }

    /** An exchange is gone. */
    void deleted(String exchange) {
        MarkLog marks = open.remove(exchange);
        if (marks == null) {
            return;
        }
        marks.close();
        LogId id = store.marksLog(exchange);
        CompletableFuture<Void> gone = opener.delete(id);
        deleting.put(id, gone);
        var _ = gone.thenRunAsync(() -> deleting.remove(id, gone), context.owner());
    }

    void close() {
        open.values().forEach(MarkLog::close);
    }
}
