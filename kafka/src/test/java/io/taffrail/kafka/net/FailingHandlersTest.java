package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.RawClient;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.PipelinedHandler;
import io.taffrail.kafka.api.Reply;
import io.taffrail.kafka.api.Request;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A handler that throws fails only its own request, at any point of its processing. */
class FailingHandlersTest {

    private Supplier<CompletionStage<DescribeClusterResponseData>> describe = () -> CompletableFuture
            .completedFuture(new DescribeClusterResponseData().setErrorMessage(null));
    private final LoopFixture broker = new LoopFixture(new HandlerTable().add(new Answering())
            .add(new Failing()).add(new FailingPipelined()), 1 << 20, Runnable::run);

    @AfterEach
    void everythingIsGivenBack() {
        broker.close();
    }

    private static final class Answering implements Handler<MetadataRequestData> {
        @Override
        public ApiKeys key() {
            return ApiKeys.METADATA;
        }

        @Override
        public CompletionStage<MetadataResponseData> handle(
                Request<MetadataRequestData> request) {
            return CompletableFuture.completedFuture(new MetadataResponseData());
        }
    }

    private final class Failing implements Handler<DescribeClusterRequestData> {
        @Override
        public ApiKeys key() {
            return ApiKeys.DESCRIBE_CLUSTER;
        }

        @Override
        public CompletionStage<DescribeClusterResponseData> handle(
                Request<DescribeClusterRequestData> request) {
            return describe.get();
        }
    }

    private static final class FailingPipelined implements PipelinedHandler<ProduceRequestData> {
        @Override
        public ApiKeys key() {
            return ApiKeys.PRODUCE;
        }

        @Override
        public CompletionStage<Reply> handle(Request<ProduceRequestData> request, Course course) {
            throw new AssertionError("an invariant");
        }
    }

    @Test
    void anErrorThrownByAHandlerIsAnsweredAndTheConnectionGoesOn() throws IOException {
        describe = () -> {
            throw new AssertionError("an invariant");
        };
        failsAlone();
    }

    @Test
    void anErrorOfItsResultIsAnsweredAndTheConnectionGoesOn() throws IOException {
        describe = () -> CompletableFuture.failedFuture(new AssertionError("an invariant"));
        failsAlone();
    }

    private void failsAlone() throws IOException {
        try (RawClient client = broker.client()) {
            assertThat(Errors.forCode(client.call(ApiKeys.DESCRIBE_CLUSTER, 0,
                    new DescribeClusterRequestData(), DescribeClusterResponseData.class)
                    .errorCode())).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
            works(client);
        }
    }

    @Test
    void anAnswerThatCannotBeWrittenClosesItsConnectionAlone() throws IOException {
        // The cluster id is null in a version that does not allow null.
        describe = () -> CompletableFuture.completedFuture(new DescribeClusterResponseData()
                .setErrorMessage(null).setClusterId(null));
        closesAlone(ApiKeys.DESCRIBE_CLUSTER);
    }

    @Test
    void anErrorInAPipelinedHandlerClosesItsConnectionAlone() throws IOException {
        closesAlone(ApiKeys.PRODUCE);
    }

    private void closesAlone(ApiKeys key) throws IOException {
        try (RawClient other = broker.client();
                RawClient client = broker.client()) {
            works(other);
            if (key == ApiKeys.PRODUCE) {
                client.send(key, 9, new ProduceRequestData());
            } else {
                client.send(key, 0, new DescribeClusterRequestData());
            }
            assertThat(client.isClosedByPeer()).isTrue();
            works(other);
        }
    }

    private static void works(RawClient client) throws IOException {
        assertThat(client.call(ApiKeys.METADATA, 4, new MetadataRequestData(),
                MetadataResponseData.class).brokers()).isEmpty();
    }
}
