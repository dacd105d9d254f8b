package io.taffrail.kafka.transactions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TransactionState;

/**
 * ListTransactions: the transactional ids, by state, producer id, duration or pattern (KIP-664).
 */
record ListTransactionsHandler(Shards shards,
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
        Optional<Pattern> pattern;
        try {
            pattern = Optional.ofNullable(body.transactionalIdPattern())
                    .filter(text -> !text.isEmpty()).map(Pattern::compile);
        } catch (PatternSyntaxException e) {
            return CompletableFuture.completedFuture(
                    response.setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code()));
        }
        if (!body.stateFilters().isEmpty() && response.unknownStateFilters().size() == body
                .stateFilters().size()) {
            return CompletableFuture.completedFuture(response);
        }
        return shards.settled().thenCompose(_ -> shards.states()).thenApply(states -> response
                .setTransactionStates(matching(states, body, pattern)));
    }

    private List<ListTransactionsResponseData.TransactionState> matching(
            List<TransactionalId> all, ListTransactionsRequestData body,
            Optional<Pattern> pattern) {
        Set<String> states = new HashSet<>(body.stateFilters());
        Set<Long> producers = new HashSet<>(body.producerIdFilters());
        long nowMs = clock.millis();
        return all.stream()
                .filter(each -> states.isEmpty() || states.contains(each.state().stateName()))
                .filter(each -> producers.isEmpty() || producers.contains(each.producerId()))
                .filter(each -> body.durationFilter() < 0
                        || nowMs - each.startMs() > body.durationFilter())
                .filter(each -> pattern.isEmpty() || pattern.get().matcher(each.id()).matches())
                .map(each -> new ListTransactionsResponseData.TransactionState()
                        .setTransactionalId(each.id()).setProducerId(each.producerId())
                        .setTransactionState(each.state().stateName()))
                .toList();
    }
}
