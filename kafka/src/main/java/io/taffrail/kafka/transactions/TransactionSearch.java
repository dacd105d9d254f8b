package io.taffrail.kafka.transactions;

import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Request;
import io.taffrail.log.guard.Guard;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;

/**
 * A search of transactional ids beside the event loops, in steps between which tasks of other
 * clients run. For one use; its steps run one after another.
 */
final class TransactionSearch {

    private static final int STEP_CHARS = 64 << 10;
    private static final int ID_CHARS = 64;
    private static final long STEP_BYTES = 256 << 10;
    /** Cost of a step that matches a pattern: a long id may take a second. */
    private static final long PATTERN_STEP_BYTES = 4 << 20;

    private final Iterator<TransactionalId> left;
    private final Predicate<TransactionalId> wanted;
    private final Optional<NamePattern> pattern;
    private final Aside aside;
    private final String client;
    private final List<TransactionState> found = new ArrayList<>();
    private final CompletableFuture<List<TransactionState>> result = new CompletableFuture<>();

    private TransactionSearch(List<TransactionalId> all, Predicate<TransactionalId> wanted,
            Optional<NamePattern> pattern, Aside aside, String client) {
        this.left = all.iterator();
        this.wanted = wanted;
        this.pattern = pattern;
        this.aside = aside;
        this.client = client;
    }

    /**
     * Searches for ids that are wanted and match the pattern, if there is one. The result is
     * cancelled when the client has gone.
     */
    static CompletableFuture<List<TransactionState>> of(List<TransactionalId> all,
            Predicate<TransactionalId> wanted, Optional<NamePattern> pattern, Aside aside,
            Request<?> request) {
        TransactionSearch search = new TransactionSearch(all, wanted, pattern, aside,
                request.context().connectionId());
        request.asker().whenGone(() -> search.result.cancel(false));
        search.next();
        return search.result;
    }

    private void next() {
        if (!result.isDone()) {
            Guard.run(() -> aside.execute(client,
                    pattern.isPresent() ? PATTERN_STEP_BYTES : STEP_BYTES,
                    () -> Guard.run(this::step, result::completeExceptionally)),
                    result::completeExceptionally);
        }
    }

    private void step() {
        long chars = 0;
        while (left.hasNext() && chars < STEP_CHARS) {
            TransactionalId each = left.next();
            chars += ID_CHARS + each.id().length();
            if (wanted.test(each) && (pattern.isEmpty() || pattern.get().matches(each.id()))) {
                found.add(new TransactionState().setTransactionalId(each.id())
                        .setProducerId(each.producerId())
                        .setTransactionState(each.state().stateName()));
            }
        }
        if (left.hasNext()) {
            next();
        } else {
            result.complete(found);
        }
    }
}
