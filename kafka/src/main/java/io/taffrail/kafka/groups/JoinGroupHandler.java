package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * JoinGroup: adds a member to a classic group. The response is sent when the rebalance has all its
 * members.
 */
record JoinGroupHandler(CoordinatorHost host) implements Handler<JoinGroupRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public CompletionStage<JoinGroupResponseData> handle(Request<JoinGroupRequestData> request) {
        short version = request.version();
        // Kafka's wrappers fill in fields that old versions lack: the rebalance timeout of version
        // 0, and in the response a protocol name, which must not be null before version 7.
        JoinGroupRequestData body = new JoinGroupRequest(request.body(), version).data();
        CompletableFuture<JoinGroupResponseData> result = host
                .askForRoom(body.groupId(), MemberBytes.of(body, request.context().clientId()),
                        shard -> MemberBytes.held(shard, body),
                        coordinator -> coordinator.joinGroup(request.context(), body,
                                BufferSupplier.NO_CACHING),
                        error -> new JoinGroupResponseData().setErrorCode(error.code())
                                .setMemberId(body.memberId()).setGenerationId(-1))
                .thenApply(response -> new JoinGroupResponse(response, version).data())
                .toCompletableFuture();
        request.asker().whenGone(() -> result.cancel(false));
        return result;
    }
}
