package io.taffrail.kafka.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.kafka.HeadFixture;
import io.taffrail.kafka.RawClient;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Asker;
import io.taffrail.kafka.api.Request;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.spi.ReadableLog;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** ListOffsets requests sent as raw frames. */
class ListOffsetsTest {

    private final HeadFixture fixture = new HeadFixture();
    private final RawClient client;

    ListOffsetsTest() throws IOException {
        client = new RawClient(fixture.head.address().getPort());
        var _ = fixture.broker.topics().create(NewTopic.of("t", 1, Map.of())).join();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        fixture.close();
    }

    @Test
    void questionsAreRefusedInVersionsOfBeforeThem() throws IOException {
        Map<Long, Integer> since = Map.of(ListOffsetsRequest.EARLIEST_TIMESTAMP, 1,
                ListOffsetsRequest.MAX_TIMESTAMP, 7,
                ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP, 8,
                ListOffsetsRequest.LATEST_TIERED_TIMESTAMP, 9,
                ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP, 11, -99L, 99);
        for (Map.Entry<Long, Integer> question : since.entrySet()) {
            for (int version = 1; version <= 11; version++) {
                Errors expected = version < question.getValue()
                        ? Errors.UNSUPPORTED_VERSION
                        : Errors.NONE;
                assertThat(ask(version, question.getKey()).errorCode())
                        .as("%s in version %d", question, version).isEqualTo(expected.code());
            }
        }
    }

    @Test
    void firstAndLastOffsetComeWithTheirEpoch() throws IOException {
        for (long timestamp : new long[]{ListOffsetsRequest.EARLIEST_TIMESTAMP,
            ListOffsetsRequest.LATEST_TIMESTAMP}) {
            assertThat(ask(3, timestamp).leaderEpoch()).isEqualTo(-1);
            assertThat(ask(4, timestamp).leaderEpoch()).isZero();
        }
    }

    @Test
    void othersComeBetweenLookUpsByTime() {
        var _ = fixture.broker.topics().create(NewTopic.of("wide", 40, Map.of())).join();
        BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        Aside aside = new Aside(work::add);
        AtomicReference<Runnable> gone = new AtomicReference<>();
        CompletableFuture<ListOffsetsResponseData> answer = byTime(aside, gone::set);
        boolean[] between = new boolean[1];
        aside.execute("another", 1, () -> between[0] = !answer.isDone());

        work.forEach(Runnable::run);

        assertThat(answer.join().topics().getFirst().partitions()).hasSize(40)
                .allMatch(partition -> partition.errorCode() == 0);
        assertThat(between[0]).isTrue();
    }

    @Test
    void lookUpsEndWithTheirClient() {
        var _ = fixture.broker.topics().create(NewTopic.of("wide", 40, Map.of())).join();
        BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        AtomicReference<Runnable> gone = new AtomicReference<>();
        CompletableFuture<ListOffsetsResponseData> answer = byTime(new Aside(work::add),
                gone::set);
        gone.get().run();
        assertThat(answer).isCancelled();
        work.forEach(Runnable::run);
    }

    private CompletableFuture<ListOffsetsResponseData> byTime(Aside aside, Asker asker) {
        RequestContext context = new RequestContext(
                new RequestHeader(ApiKeys.LIST_OFFSETS, (short) 5, "test", 1), "1",
                InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS,
                ListenerName.forSecurityProtocol(SecurityProtocol.PLAINTEXT),
                SecurityProtocol.PLAINTEXT, ClientInformation.EMPTY, false);
        ListOffsetsRequestData body = new ListOffsetsRequestData().setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic().setName("wide").setPartitions(
                        IntStream.range(0, 40).mapToObj(index -> new ListOffsetsPartition()
                                .setPartitionIndex(index).setTimestamp(1)).toList())));
        return new ListOffsetsHandler(fixture.broker.topics(), aside)
                .handle(new Request<>(context, body, asker)).toCompletableFuture();
    }

    @Test
    void aLogThatCannotBeSearchedFailsAlone() {
        ReadableLog failing = (ReadableLog) Proxy.newProxyInstance(
                ReadableLog.class.getClassLoader(), new Class<?>[]{ReadableLog.class},
                (_, method, _) -> {
                    if (method.getName().equals("offsetForTime")) {
                        throw new LogFailedException("damaged");
                    }
                    return method.getReturnType() == long.class ? 1L : null;
                });
        ListOffsetsPartitionResponse answer = new ListOffsetsPartitionResponse();

        ListOffsetsHandler.lookUp(answer, 1, failing, false);

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    private ListOffsetsPartitionResponse ask(int version, long timestamp) throws IOException {
        ListOffsetsRequestData body = new ListOffsetsRequestData().setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic().setName("t").setPartitions(
                        List.of(new ListOffsetsPartition().setTimestamp(timestamp)))));
        return client.send(ApiKeys.LIST_OFFSETS, version, body)
                .receive(ApiKeys.LIST_OFFSETS, version, ListOffsetsResponseData.class).topics()
                .getFirst().partitions().getFirst();
    }
}
