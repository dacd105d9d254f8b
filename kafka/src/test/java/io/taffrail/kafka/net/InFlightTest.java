package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.RawClient;
import io.taffrail.kafka.api.PipelinedHandler;
import io.taffrail.kafka.api.Reply;
import io.taffrail.kafka.api.Request;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several produce requests of one connection in flight, next to another connection. */
class InFlightTest {

    private static final int SMALL = 16;
    private static final int LARGE = 1 << 20;

    /** Requests that have started and are not answered. */
    private final BlockingQueue<CompletableFuture<Reply>> begun = new LinkedBlockingQueue<>();
    private final LoopFixture broker = new LoopFixture(new HandlerTable().add(new Waiting()),
            Long.MAX_VALUE, Runnable::run);
    private final RawClient client = broker.client();
    private final RawClient other = broker.client();

    InFlightTest() throws IOException {}

    private final class Waiting implements PipelinedHandler<ProduceRequestData> {
        @Override
        public ApiKeys key() {
            return ApiKeys.PRODUCE;
        }

        @Override
        public CompletionStage<Reply> handle(Request<ProduceRequestData> request, Course course) {
            CompletableFuture<Reply> reply = new CompletableFuture<>();
            course.taken();
            begun.add(reply);
            return reply;
        }
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        other.close();
        broker.close();
    }

    private Thread send(int requests, int bytes) {
        ProduceRequestData request = new ProduceRequestData();
        request.topicData().add(new TopicProduceData().setName("t")
                .setPartitionData(List.of(new PartitionProduceData().setRecords(MemoryRecords
                        .withRecords(Compression.NONE, new SimpleRecord(new byte[bytes]))))));
        byte[] frame = client.frame(ApiKeys.PRODUCE, 9, request);
        return Thread.startVirtualThread(() -> {
            try {
                for (int i = 0; i < requests; i++) {
                    client.bytes(frame);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private void awaitBegun(int count) {
        while (begun.size() < count) {
            Thread.onSpinWait();
        }
    }

    private void answer(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            begun.take().complete(new Reply.Body(new ProduceResponseData()));
        }
    }

    private void underWay(int requests, int bytes, int most) throws Exception {
        Thread sending = send(requests, bytes);
        awaitBegun(most);
        // The other connection's request starts although this connection has reached its limit.
        other.send(ApiKeys.PRODUCE, 9, new ProduceRequestData());
        awaitBegun(most + 1);
        assertThat(begun).hasSize(most + 1);
        answer(most + 1);
        other.receive(ApiKeys.PRODUCE, 9, ProduceResponseData.class);
        answer(requests - most);
        for (int i = 0; i < requests; i++) {
            client.receive(ApiKeys.PRODUCE, 9, ProduceResponseData.class);
        }
        sending.join();
        assertThat(begun).isEmpty();
    }

    @Test
    void manySmallRequests() throws Exception {
        underWay(3 * InFlight.MAX_REQUESTS, SMALL, InFlight.MAX_REQUESTS);
    }

    @Test
    void fewLargeRequests() throws Exception {
        int most = InFlight.MAX_BYTES / LARGE - 1;
        underWay(most + 10, LARGE, most);
    }
}
