package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.AuthorizedOperations;
import io.taffrail.kafka.api.FeatureLevels;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;

/**
 * ConsumerGroupDescribe: groups of the consumer protocol with their epochs, members, present and
 * target assignments.
 */
record ConsumerGroupDescribeHandler(CoordinatorHost host, FeatureLevels features)
        implements
            Handler<ConsumerGroupDescribeRequestData> {

    @Override
    public boolean takesLong(Request<ConsumerGroupDescribeRequestData> request) {
        return true;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public CompletionStage<ConsumerGroupDescribeResponseData> handle(
            Request<ConsumerGroupDescribeRequestData> request) {
        ConsumerGroupDescribeRequestData body = request.body();
        List<String> names = body.groupIds().stream().distinct().toList();
        if (!features.hasConsumerGroups()) {
            return CompletableFuture.completedFuture(new ConsumerGroupDescribeResponseData()
                    .setGroups(ConsumerGroupDescribeRequest.getErrorDescribedGroupList(names,
                            Errors.UNSUPPORTED_VERSION)));
        }
        return host
                .ask(coordinator -> coordinator.consumerGroupDescribe(request.context(),
                        names),
                        error -> ConsumerGroupDescribeRequest
                                .getErrorDescribedGroupList(names, error))
                .thenApply(groups -> {
                    if (body.includeAuthorizedOperations()) {
                        groups.stream().filter(group -> group.errorCode() == 0).forEach(
                                group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
                    }
                    return new ConsumerGroupDescribeResponseData().setGroups(groups);
                });
    }
}
