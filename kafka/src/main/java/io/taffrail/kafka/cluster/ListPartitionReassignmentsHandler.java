package io.taffrail.kafka.cluster;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ListPartitionReassignments: a single node never has a reassignment in progress. */
public record ListPartitionReassignmentsHandler()
        implements
            Handler<ListPartitionReassignmentsRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<ListPartitionReassignmentsResponseData> handle(
            Request<ListPartitionReassignmentsRequestData> request) {
        return CompletableFuture.completedFuture(
                new ListPartitionReassignmentsResponseData().setErrorMessage(null));
    }
}
