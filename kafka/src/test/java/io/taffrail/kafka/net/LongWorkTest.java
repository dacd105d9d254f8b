package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.RawClient;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.PipelinedHandler;
import io.taffrail.kafka.api.Reply;
import io.taffrail.kafka.api.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long work of one connection runs on worker threads; the single event loop serves the others. */
class LongWorkTest {

    private static final int MANY = 10_000;

    /** Tasks submitted to the worker threads; the test runs them. */
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final Queue<CompletableFuture<DescribeClusterResponseData>> described = new ConcurrentLinkedQueue<>();
    private final AtomicInteger handled = new AtomicInteger();
    private final BlockingQueue<PipelinedHandler.Course> produces = new LinkedBlockingQueue<>();
    private final CompletableFuture<Reply> produced = new CompletableFuture<>();
    private final LoopFixture broker = new LoopFixture(new HandlerTable().add(new Answering())
            .add(new TakingLong()).add(new Holding()), 1000, work::add);
    private final RawClient client = broker.client();
    private final RawClient other = broker.client();

    LongWorkTest() throws IOException {}

    /** Answers with as many brokers as the request names topics. */
    private final class Answering implements Handler<MetadataRequestData> {
        @Override
        public ApiKeys key() {
            return ApiKeys.METADATA;
        }

        @Override
        public CompletionStage<MetadataResponseData> handle(
                Request<MetadataRequestData> request) {
            handled.incrementAndGet();
            MetadataResponseData answer = new MetadataResponseData();
            List<MetadataRequestTopic> topics = request.body().topics();
            IntStream.range(0, topics == null ? MANY : topics.size())
                    .mapToObj(id -> new MetadataResponseBroker().setNodeId(id)
                            .setHost("host.of.a.broker-" + id))
                    .forEach(answer.brokers()::add);
            return CompletableFuture.completedFuture(answer);
        }
    }

    private final class TakingLong implements Handler<DescribeClusterRequestData> {
        @Override
        public ApiKeys key() {
            return ApiKeys.DESCRIBE_CLUSTER;
        }

        @Override
        public boolean takesLong(Request<DescribeClusterRequestData> request) {
            return true;
        }

        @Override
        public CompletionStage<DescribeClusterResponseData> handle(
                Request<DescribeClusterRequestData> request) {
            CompletableFuture<DescribeClusterResponseData> answer = new CompletableFuture<>();
            described.add(answer);
            return answer;
        }
    }

    /** Holds the first request until the test resumes it; answers the others. */
    private final class Holding implements PipelinedHandler<ProduceRequestData> {
        private boolean held;

        @Override
        public ApiKeys key() {
            return ApiKeys.PRODUCE;
        }

        @Override
        public CompletionStage<Reply> handle(Request<ProduceRequestData> request, Course course) {
            if (held) {
                course.taken();
                return CompletableFuture.completedFuture(
                        new Reply.Body(new ProduceResponseData()));
            }
            held = true;
            course.hold();
            produces.add(course);
            return produced;
        }
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        client.close();
        other.close();
        broker.close();
    }

    private void othersGoOn() throws IOException {
        assertThat(other.call(ApiKeys.METADATA, 4, names(1), MetadataResponseData.class)
                .brokers()).hasSize(1);
    }

    private static MetadataRequestData names(int count) {
        return new MetadataRequestData().setTopics(IntStream.range(0, count)
                .mapToObj(i -> new MetadataRequestTopic().setName("topic-" + i)).toList());
    }

    private void workOnce() throws InterruptedException {
        work.take().run();
    }

    @Test
    void aLargeRequestIsDecodedAndHandledBesideTheLoop() throws Exception {
        client.send(ApiKeys.METADATA, 4, names(MANY));
        Runnable decoding = work.take();
        othersGoOn();
        // A run takes tasks that the event loop adds meanwhile, so their number is not known.
        Thread rest = Thread.startVirtualThread(this::workUntilInterrupted);
        decoding.run();
        othersGoOn();
        assertThat(client.receive(ApiKeys.METADATA, 4, MetadataResponseData.class).brokers())
                .hasSize(MANY);
        rest.interrupt();
    }

    private void workUntilInterrupted() {
        try {
            while (true) {
                workOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aLongAnswerIsEncodedBesideTheLoopAndKeepsItsPlace() throws Exception {
        client.bytes(client.frame(ApiKeys.METADATA, 4, new MetadataRequestData().setTopics(null)));
        client.bytes(client.frame(ApiKeys.METADATA, 4, names(2)));
        Runnable encoding = work.take();
        othersGoOn();
        encoding.run();
        assertThat(client.receive(ApiKeys.METADATA, 4, MetadataResponseData.class).brokers())
                .hasSize(MANY);
        assertThat(client.receive(ApiKeys.METADATA, 4, MetadataResponseData.class).brokers())
                .hasSize(2);
    }

    @Test
    void aRequestThatTakesLongIsHandledBesideTheLoop() throws Exception {
        client.send(ApiKeys.DESCRIBE_CLUSTER, 0, new DescribeClusterRequestData());
        Runnable handling = work.take();
        othersGoOn();
        handling.run();
        described.remove().complete(new DescribeClusterResponseData().setErrorMessage(null));
        client.receive(ApiKeys.DESCRIBE_CLUSTER, 0, DescribeClusterResponseData.class);
    }

    @Test
    void manyRequestsOfOneConnectionLetOthersBetween() throws Exception {
        int asked = 5000;
        byte[] frame = client.frame(ApiKeys.METADATA, 4, names(0));
        byte[] all = new byte[asked * frame.length];
        for (int i = 0; i < asked; i++) {
            System.arraycopy(frame, 0, all, i * frame.length, frame.length);
        }
        client.bytes(all);
        while (handled.get() == 0) {
            Thread.onSpinWait();
        }
        CountDownLatch ran = new CountDownLatch(1);
        int[] between = new int[1];
        broker.loops().current().execute(() -> {
            int before = handled.get();
            broker.loops().current().execute(() -> {
                between[0] = handled.get() - before;
                ran.countDown();
            });
        });
        ran.await();
        assertThat(between[0]).isLessThanOrEqualTo(8);
        for (int i = 0; i < asked; i++) {
            client.receiveFrame();
        }
    }

    @Test
    void fewAnswersThatTakeLongAreMadeAtOnce() throws Exception {
        int asked = 3 * LongAnswers.AT_ONCE;
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < asked; i++) {
            clients.add(broker.client());
            clients.getLast().send(ApiKeys.DESCRIBE_CLUSTER, 0, new DescribeClusterRequestData());
        }
        for (int done = 0; done < asked; done++) {
            while (described.size() < Math.min(LongAnswers.AT_ONCE, asked - done)) {
                workOnce();
            }
            othersGoOn();
            work.forEach(Runnable::run);
            work.clear();
            assertThat(described).hasSize(Math.min(LongAnswers.AT_ONCE, asked - done));
            described.remove().complete(new DescribeClusterResponseData().setErrorMessage(null));
        }
        for (RawClient each : clients) {
            each.receive(ApiKeys.DESCRIBE_CLUSTER, 0, DescribeClusterResponseData.class);
            each.close();
        }
    }

    @Test
    void answersThatTakeLongAreNotMadeForConnectionsThatHaveEnded() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < LongAnswers.AT_ONCE; i++) {
            clients.add(broker.client());
            clients.getLast().send(ApiKeys.DESCRIBE_CLUSTER, 0, new DescribeClusterRequestData());
        }
        while (described.size() < LongAnswers.AT_ONCE) {
            workOnce();
        }
        client.send(ApiKeys.DESCRIBE_CLUSTER, 0, new DescribeClusterRequestData());
        client.close();
        while (broker.connections() > LongAnswers.AT_ONCE + 1) {
            Thread.onSpinWait();
        }
        other.send(ApiKeys.DESCRIBE_CLUSTER, 0, new DescribeClusterRequestData());

        described.remove().complete(new DescribeClusterResponseData().setErrorMessage(null));
        while (described.size() < LongAnswers.AT_ONCE) {
            workOnce();
        }

        described.forEach(each -> each.complete(
                new DescribeClusterResponseData().setErrorMessage(null)));
        other.receive(ApiKeys.DESCRIBE_CLUSTER, 0, DescribeClusterResponseData.class);
        for (RawClient each : clients) {
            each.close();
        }
    }

    @Test
    void aConnectionThatEndsMeanwhileGivesEverythingBack() throws Exception {
        client.send(ApiKeys.METADATA, 4, new MetadataRequestData().setTopics(null));
        Runnable encoding = work.take();
        other.send(ApiKeys.METADATA, 4, names(MANY));
        Runnable decoding = work.take();
        client.close();
        other.close();
        while (broker.connections() > 0) {
            Thread.onSpinWait();
        }
        encoding.run();
        decoding.run();
    }

    @Test
    void aLargeRequestThatCannotBeReadClosesItsConnection() throws Exception {
        byte[] frame = client.frame(ApiKeys.METADATA, 4, names(MANY));
        int countAt = Integer.BYTES + 2 * Short.BYTES + Integer.BYTES + Short.BYTES
                + "raw".length();
        frame[countAt] = Byte.MAX_VALUE;
        client.bytes(frame);
        workOnce();
        assertThat(client.isClosedByPeer()).isTrue();
        othersGoOn();
    }

    @Test
    void aProduceRequestThatIsCheckedForLongKeepsNoOtherFromTheLogs() throws Exception {
        ProduceRequestData large = new ProduceRequestData().setTransactionalId("x".repeat(2000));
        client.send(ApiKeys.PRODUCE, 9, large);
        PipelinedHandler.Course course = produces.take();
        other.call(ApiKeys.PRODUCE, 9, large, ProduceResponseData.class);
        course.resume(() -> {
            course.taken();
            produced.complete(new Reply.Body(new ProduceResponseData()));
        });
        client.receive(ApiKeys.PRODUCE, 9, ProduceResponseData.class);
        other.call(ApiKeys.PRODUCE, 9, large, ProduceResponseData.class);
    }
}
