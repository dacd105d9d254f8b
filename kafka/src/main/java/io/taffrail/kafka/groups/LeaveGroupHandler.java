package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.LeaveGroupResponse;

/** LeaveGroup: removes members from a group. Requests before version 3 name one member only. */
record LeaveGroupHandler(CoordinatorHost host) implements Handler<LeaveGroupRequestData> {

    private static final short MANY_MEMBERS_VERSION = 3;

    @Override
    public ApiKeys key() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public CompletionStage<LeaveGroupResponseData> handle(Request<LeaveGroupRequestData> request) {
        LeaveGroupRequestData body = request.body();
        if (request.version() < MANY_MEMBERS_VERSION) {
            body = new LeaveGroupRequestData().setGroupId(body.groupId())
                    .setMembers(List.of(new MemberIdentity().setMemberId(body.memberId())));
        }
        LeaveGroupRequestData leaving = body;
        return host
                .ask(coordinator -> coordinator.leaveGroup(request.context(), leaving),
                        error -> new LeaveGroupResponseData().setErrorCode(error.code()))
                .thenApply(response -> response.errorCode() == 0
                        ? new LeaveGroupResponse(response, request.version()).data()
                        : response);
    }
}
