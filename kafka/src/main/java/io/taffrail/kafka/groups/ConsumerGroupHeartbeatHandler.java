package io.taffrail.kafka.groups;

import io.taffrail.broker.pattern.InvalidPatternException;
import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.kafka.api.FeatureLevels;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * ConsumerGroupHeartbeat: the consumer protocol's only request, which joins, keeps alive, revokes
 * and leaves (KIP-848).
 */
record ConsumerGroupHeartbeatHandler(CoordinatorHost host, TopicNameLookup names,
        FeatureLevels features)
        implements
            Handler<ConsumerGroupHeartbeatRequestData> {

    /** A member's assignment counts for at most this fraction of the limit until it is measured. */
    private static final int ASSIGNED_PART = 8;

    @Override
    public ApiKeys key() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponseData> handle(
            Request<ConsumerGroupHeartbeatRequestData> request) {
        ConsumerGroupHeartbeatRequestData body = request.body();
        if (!features.hasConsumerGroups()) {
            return CompletableFuture.completedFuture(new ConsumerGroupHeartbeatResponseData()
                    .setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
        }
        if (body.subscribedTopicRegex() != null && !body.subscribedTopicRegex().isEmpty()) {
            // Kafka's coordinator compiles it without a limit on memory or on the stack.
            try {
                NamePattern.of(body.subscribedTopicRegex());
            } catch (InvalidPatternException e) {
                return CompletableFuture.completedFuture(
                        new ConsumerGroupHeartbeatResponseData()
                                .setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code())
                                .setErrorMessage("SubscribedTopicRegex is not a valid regular"
                                        + " expression: " + e.getMessage()));
            }
        }
        long bytes = SubscriberBytes.of(body, request.context().clientId(), names,
                host.space().limitBytes() / ASSIGNED_PART);
        return host.askForRoom(body.groupId(), bytes,
                shard -> SubscriberBytes.held(shard, body, bytes),
                coordinator -> coordinator.consumerGroupHeartbeat(request.context(), body),
                error -> new ConsumerGroupHeartbeatResponseData().setErrorCode(error.code()));
    }
}
