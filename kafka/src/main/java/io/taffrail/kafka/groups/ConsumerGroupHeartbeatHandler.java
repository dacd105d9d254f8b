package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** The one request of the consumer protocol: join, stay, revoke and leave (KIP-848). */
record ConsumerGroupHeartbeatHandler(CoordinatorHost host)
        implements
            Handler<ConsumerGroupHeartbeatRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponseData> handle(
            Request<ConsumerGroupHeartbeatRequestData> request) {
        return host.ask(
                coordinator -> coordinator.consumerGroupHeartbeat(request.context(),
                        request.body()),
                error -> new ConsumerGroupHeartbeatResponseData().setErrorCode(error.code()));
    }
}
