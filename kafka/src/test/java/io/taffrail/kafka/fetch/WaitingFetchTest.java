package io.taffrail.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.kafka.HeadFixture;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.RawClient;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Request;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.net.MemoryBudget;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fetches that wait for what does not come, and what ends them. */
@Timeout(120)
class WaitingFetchTest {

    private static final int FETCH = 12;
    private static final int MANY = FetchHandler.ON_LOOP_PARTITIONS + 10;
    private static final int VERY_LONG_MS = Integer.MAX_VALUE;

    private final MemoryBudget memory = new MemoryBudget(64 << 20, 1 << 20, 1000);
    private final HeadFixture fixture = new HeadFixture(
            new MemoryLogEngine(InstantSource.system()), BrokerConfig.defaults(),
            KafkaConfig.defaults(), memory);

    WaitingFetchTest() {
        fixture.broker.topics().create(NewTopic.of("t", MANY, Map.of())).join();
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private RawClient client() throws IOException {
        return new RawClient(fixture.head.address().getPort());
    }

    private static FetchRequestData fetch(int partitions, int maxWaitMs) {
        return new FetchRequestData().setMaxBytes(1 << 20).setMinBytes(1).setMaxWaitMs(maxWaitMs)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic().setTopic("t")
                        .setPartitions(IntStream.range(0, partitions)
                                .mapToObj(index -> new FetchPartition().setPartition(index)
                                        .setPartitionMaxBytes(1 << 20))
                                .toList())));
    }

    private static FetchRequestData next(int session, int epoch) {
        return new FetchRequestData().setMaxBytes(1 << 20).setMinBytes(1)
                .setMaxWaitMs(VERY_LONG_MS).setSessionId(session).setSessionEpoch(epoch);
    }

    private void awaitCharged(boolean any) {
        long deadline = System.nanoTime() + HeadFixture.PATIENCE.toNanos();
        while (memory.chargedBytes() > 0 != any) {
            assertThat(System.nanoTime()).as("charged %d", memory.chargedBytes())
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void endsWithItsConnection() throws IOException {
        endsWithItsConnection(1000);
    }

    @Test
    void endsWithItsConnectionAlsoBesideTheLoops() throws IOException {
        endsWithItsConnection(MANY);
    }

    private void endsWithItsConnection(int partitions) throws IOException {
        try (RawClient client = client()) {
            client.send(ApiKeys.FETCH, FETCH, fetch(partitions, VERY_LONG_MS));
            awaitCharged(true);
        }
        awaitCharged(false);
    }

    @Test
    void manyPartitionsAreMeasuredBesideTheLoops() {
        BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        FetchHandler handler = new FetchHandler(fixture.broker, KafkaConfig.defaults(),
                fixture.loops, new Aside(work::add), () -> 7);
        int many = FetchHandler.ON_LOOP_MEASURED + 1;

        assertThat(handle(handler, fetch(many, 0))).isDone();
        assertThat(handle(handler, fetch(many - 1, 0).setMinBytes(1000))).isDone();
        CompletableFuture<FetchResponseData> beside = handle(handler,
                fetch(many, 0).setMinBytes(1000));

        assertThat(beside).isNotDone();
        work.remove().run();
        assertThat(beside).isDone();
    }

    @Test
    void endsWhenItsSessionIsFetchedAgainOrClosed() throws Exception {
        FetchHandler handler = new FetchHandler(fixture.broker, KafkaConfig.defaults(),
                fixture.loops, new Aside(Runnable::run), () -> 7);
        int session = handle(handler, fetch(3, 0).setSessionEpoch(0)).get().sessionId();
        assertThat(session).isNotZero();

        CompletableFuture<FetchResponseData> first = handle(handler, next(session, 1));
        assertThat(first).isNotDone();
        CompletableFuture<FetchResponseData> second = handle(handler, next(session, 2));

        assertThat(first.get().errorCode()).isZero();
        assertThat(second).isNotDone();
        handle(handler, fetch(1, 0).setSessionId(session)).get();
        assertThat(second.get().errorCode()).isZero();
    }

    private static CompletableFuture<FetchResponseData> handle(FetchHandler handler,
            FetchRequestData body) {
        RequestContext context = new RequestContext(
                new RequestHeader(ApiKeys.FETCH, (short) FETCH, "test", 1), "1",
                InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS,
                ListenerName.forSecurityProtocol(SecurityProtocol.PLAINTEXT),
                SecurityProtocol.PLAINTEXT, ClientInformation.EMPTY, false);
        return handler.handle(new Request<>(context, body)).toCompletableFuture();
    }
}
