package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * SyncGroup: returns the assignment of a member of a classic group. The leader's request carries
 * the assignments of all members.
 */
record SyncGroupHandler(CoordinatorHost host) implements Handler<SyncGroupRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.SYNC_GROUP;
    }

    @Override
    public CompletionStage<SyncGroupResponseData> handle(Request<SyncGroupRequestData> request) {
        SyncGroupRequest body = new SyncGroupRequest(request.body(), request.version());
        if (!body.areMandatoryProtocolTypeAndNamePresent()) {
            return CompletableFuture.completedFuture(refusal(Errors.INCONSISTENT_GROUP_PROTOCOL));
        }
        String groupId = body.data().groupId();
        CompletableFuture<SyncGroupResponseData> result = host
                .askForRoom(groupId, MemberBytes.assigned(body.data()),
                        shard -> MemberBytes.assigned(shard, groupId),
                        coordinator -> coordinator.syncGroup(request.context(), body.data(),
                                BufferSupplier.NO_CACHING),
                        SyncGroupHandler::refusal)
                .toCompletableFuture();
        request.asker().whenGone(() -> result.cancel(false));
        return result;
    }

    private static SyncGroupResponseData refusal(Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }
}
