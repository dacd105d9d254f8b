package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * ListGroups: lists groups by state and type. If there are no groups, the coordinator is not
 * started.
 */
record ListGroupsHandler(CoordinatorHost host) implements Handler<ListGroupsRequestData> {

    @Override
    public boolean takesLong(Request<ListGroupsRequestData> request) {
        return true;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public CompletionStage<ListGroupsResponseData> handle(Request<ListGroupsRequestData> request) {
        if (!host.hasGroups()) {
            return CompletableFuture.completedFuture(new ListGroupsResponseData());
        }
        return host.ask(coordinator -> coordinator.listGroups(request.context(), request.body()),
                error -> new ListGroupsResponseData().setErrorCode(error.code()));
    }
}
