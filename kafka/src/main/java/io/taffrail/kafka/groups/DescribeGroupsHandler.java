package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.AuthorizedOperations;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DescribeGroupsRequest;

/** DescribeGroups: classic groups with their state, members and assignments. */
record DescribeGroupsHandler(CoordinatorHost host) implements Handler<DescribeGroupsRequestData> {

    @Override
    public boolean takesLong(Request<DescribeGroupsRequestData> request) {
        return true;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public CompletionStage<DescribeGroupsResponseData> handle(
            Request<DescribeGroupsRequestData> request) {
        DescribeGroupsRequestData body = request.body();
        List<String> names = body.groups().stream().distinct().toList();
        return host
                .ask(coordinator -> coordinator.describeGroups(request.context(), names),
                        error -> DescribeGroupsRequest.getErrorDescribedGroupList(names,
                                error))
                .thenApply(groups -> {
                    if (body.includeAuthorizedOperations()) {
                        groups.stream().filter(group -> group.errorCode() == 0).forEach(
                                group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
                    }
                    return new DescribeGroupsResponseData().setGroups(groups);
                });
    }
}
