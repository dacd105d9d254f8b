package io.taffrail.kafka.transactions;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.ImmediateHandler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** ListTransactions and DescribeTransactions (KIP-664) of a broker that never has transactions. */
public final class NoTransactions {

    private static final Set<String> STATES = Stream.of(TransactionState.values())
            .filter(state -> state != TransactionState.UNKNOWN).map(TransactionState::toString)
            .collect(Collectors.toUnmodifiableSet());

    private NoTransactions() {}

    /** Creates the handlers of both requests. */
    public static List<Handler<?>> handlers() {
        return List.of(
                new ImmediateHandler<>(ApiKeys.LIST_TRANSACTIONS, NoTransactions::list),
                new ImmediateHandler<>(ApiKeys.DESCRIBE_TRANSACTIONS, NoTransactions::describe));
    }

    private static ListTransactionsResponseData list(
            Request<ListTransactionsRequestData> request) {
        return new ListTransactionsResponseData().setUnknownStateFilters(
                request.body().stateFilters().stream().filter(state -> !STATES.contains(state))
                        .toList());
    }

    private static DescribeTransactionsResponseData describe(
            Request<DescribeTransactionsRequestData> request) {
        return new DescribeTransactionsResponseData().setTransactionStates(
                request.body().transactionalIds().stream()
                        .map(id -> new DescribeTransactionsResponseData.TransactionState()
                                .setTransactionalId(id)
                                .setErrorCode(Errors.TRANSACTIONAL_ID_NOT_FOUND.code()))
                        .toList());
    }
}
