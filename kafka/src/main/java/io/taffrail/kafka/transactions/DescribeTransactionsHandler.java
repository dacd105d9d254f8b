package io.taffrail.kafka.transactions;

import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DescribeTransactions: the states of transactional ids (KIP-664). */
record DescribeTransactionsHandler(
        Shards shards) implements Handler<DescribeTransactionsRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_TRANSACTIONS;
    }

    @Override
    public boolean takesLong(Request<DescribeTransactionsRequestData> request) {
        return true;
    }

    @Override
    public CompletionStage<DescribeTransactionsResponseData> handle(
            Request<DescribeTransactionsRequestData> request) {
        // Each id once, because the response may be long.
        List<String> ids = List.copyOf(new LinkedHashSet<>(request.body().transactionalIds()));
        return FewAtOnce.of(ids, this::describe)
                .thenApply(new DescribeTransactionsResponseData()::setTransactionStates);
    }

    private CompletableFuture<TransactionState> describe(String id) {
        TransactionState answer = new TransactionState().setTransactionalId(id);
        if (id.isEmpty()) {
            return CompletableFuture.completedFuture(
                    answer.setErrorCode(Errors.INVALID_REQUEST.code()));
        }
        return shards.ask(id, shard -> CompletableFuture.completedFuture(fill(answer, shard)),
                _ -> answer.setErrorCode(Errors.TRANSACTIONAL_ID_NOT_FOUND.code()));
    }

    private static TransactionState fill(TransactionState answer, Shard shard) {
        if (!shard.isActive()) {
            return answer.setErrorCode(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
        }
        TransactionalId state = shard.state(answer.transactionalId());
        if (state == null) {
            return answer.setErrorCode(Errors.TRANSACTIONAL_ID_NOT_FOUND.code());
        }
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        for (TopicPart part : state.partitions()) {
            byTopic.computeIfAbsent(part.topic(), _ -> new ArrayList<>()).add(part.index());
        }
        byTopic.forEach((topic, indexes) -> answer.topics()
                .add(new TopicData().setTopic(topic).setPartitions(indexes)));
        return answer.setTransactionState(state.state().stateName())
                .setTransactionTimeoutMs(state.timeoutMs()).setTransactionStartTimeMs(
                        state.startMs())
                .setProducerId(state.producerId()).setProducerEpoch(state.epoch());
    }
}
