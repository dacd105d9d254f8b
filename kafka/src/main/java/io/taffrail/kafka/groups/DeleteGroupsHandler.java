package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** DeleteGroups: deletes groups without members, and their offsets. */
record DeleteGroupsHandler(CoordinatorHost host) implements Handler<DeleteGroupsRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_GROUPS;
    }

    @Override
    public CompletionStage<DeleteGroupsResponseData> handle(
            Request<DeleteGroupsRequestData> request) {
        List<String> names = request.body().groupsNames().stream().distinct().toList();
        return host
                .ask(coordinator -> coordinator.deleteGroups(request.context(), names,
                        BufferSupplier.NO_CACHING),
                        error -> DeleteGroupsRequest.getErrorResultCollection(names, error))
                .thenApply(results -> new DeleteGroupsResponseData().setResults(results));
    }
}
