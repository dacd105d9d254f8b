package io.taffrail.kafka.transactions;

import io.taffrail.broker.pattern.InvalidPatternException;
import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TransactionState;

/**
 * ListTransactions: the transactional ids, by state, producer id, duration or pattern (KIP-664).
 *
 * @param aside
 *            runs the search, because ids may be many and take long to match
 */
record ListTransactionsHandler(Shards shards, Aside aside,
        InstantSource clock) implements Handler<ListTransactionsRequestData> {

    private static final Set<String> STATES = Stream.of(TransactionState.values())
            .map(TransactionState::stateName).collect(Collectors.toUnmodifiableSet());

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_TRANSACTIONS;
    }

    @Override
    public boolean takesLong(Request<ListTransactionsRequestData> request) {
        return true;
    }

    @Override
    public CompletionStage<ListTransactionsResponseData> handle(
            Request<ListTransactionsRequestData> request) {
        ListTransactionsRequestData body = request.body();
        ListTransactionsResponseData response = new ListTransactionsResponseData()
                .setUnknownStateFilters(body.stateFilters().stream()
                        .filter(state -> !STATES.contains(state)).toList());
        Optional<NamePattern> pattern;
        try {
            pattern = Optional.ofNullable(body.transactionalIdPattern())
                    .filter(text -> !text.isEmpty()).map(NamePattern::of);
        } catch (InvalidPatternException e) {
            return CompletableFuture.completedFuture(
                    response.setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code()));
        }
        if (!body.stateFilters().isEmpty() && response.unknownStateFilters().size() == body
                .stateFilters().size()) {
            return CompletableFuture.completedFuture(response);
        }
        return shards.settled().thenCompose(_ -> shards.states())
                .thenCompose(all -> TransactionSearch.of(all, wanted(body), pattern, aside,
                        request))
                .thenApply(response::setTransactionStates);
    }

    private Predicate<TransactionalId> wanted(ListTransactionsRequestData body) {
        Set<String> states = new HashSet<>(body.stateFilters());
        Set<Long> producers = new HashSet<>(body.producerIdFilters());
        long nowMs = clock.millis();
        return each -> (states.isEmpty() || states.contains(each.state().stateName()))
                && (producers.isEmpty() || producers.contains(each.producerId()))
                && (body.durationFilter() < 0 || nowMs - each.startMs() > body.durationFilter());
    }
}
