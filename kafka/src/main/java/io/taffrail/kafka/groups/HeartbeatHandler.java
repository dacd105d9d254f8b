package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Heartbeat: keeps a member of a classic group alive. */
record HeartbeatHandler(CoordinatorHost host) implements Handler<HeartbeatRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.HEARTBEAT;
    }

    @Override
    public CompletionStage<HeartbeatResponseData> handle(Request<HeartbeatRequestData> request) {
        return host.ask(coordinator -> coordinator.heartbeat(request.context(), request.body()),
                error -> new HeartbeatResponseData().setErrorCode(error.code()));
    }
}
