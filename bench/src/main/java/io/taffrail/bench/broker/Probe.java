package io.taffrail.bench.broker;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A blocking connection with a minimal Kafka client, which times a broker's start
 * without the back-off of a real client. Requests whose response means "not yet" are
 * repeated every {@link #PAUSE_NS}.
 */
public final class Probe implements AutoCloseable {
    private static final long PAUSE_NS = 2_000_000;
    private static final int ANSWERS_PER_PAUSE = 4;
    /** The last version that identifies a topic by name, not by id. */
    private static final short PRODUCE_VERSION = 12;
    private static final short API_VERSIONS_VERSION = 3;

    private final Broker broker;
    private final Socket socket;
    private final long deadlineNs;
    private int correlationId;

    private Probe(Broker broker, Socket socket, long deadlineNs) {
        this.broker = broker;
        this.socket = socket;
        this.deadlineNs = deadlineNs;
    }

    /**
     * Connects as soon as the port listens. {@code limit} applies to this call and
     * all later ones together.
     */
    public static Probe connect(Broker broker, Duration limit) throws IOException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (true) {
            var socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
                socket.connect(new InetSocketAddress("127.0.0.1", broker.port()));
                return new Probe(broker, socket, deadlineNs);
            } catch (IOException refused) {
                socket.close();
                pause(broker, deadlineNs, "a listener");
            }
        }
    }

    public void apiVersions() throws IOException {
        var data = new ApiVersionsRequestData().setClientSoftwareName("taffrail-bench")
                .setClientSoftwareVersion("1");
        ApiVersionsRequest request = new ApiVersionsRequest(data, API_VERSIONS_VERSION);
        while (((ApiVersionsResponse) call(request)).data().errorCode() != Errors.NONE.code()) {
            pause(broker, deadlineNs, "ApiVersions");
        }
    }

    /** Waits until a record written to {@code partition} is acknowledged. */
    public void produce(String topic, int partition, byte[] value) throws IOException {
        while (produceError(topic, partition, value) != Errors.NONE.code()) {
            pause(broker, deadlineNs, "a produce to " + topic);
        }
    }

    /**
     * Waits until each topic has at least {@code partitions} partitions and all
     * of them have a leader.
     */
    public void awaitLeaders(List<String> topics, int partitions) throws IOException {
        for (String topic : topics) {
            MetadataRequest request = MetadataRequest.Builder.forTopicNames(List.of(topic), false)
                    .build(ApiKeys.METADATA.latestVersion());
            long askedNs = System.nanoTime();
            while (!haveLeaders((MetadataResponse) call(request), partitions)) {
                // A response with thousands of partitions loads the broker whose start
                // is timed, so ask rarely.
                LockSupport.parkNanos(ANSWERS_PER_PAUSE * (System.nanoTime() - askedNs));
                pause(broker, deadlineNs, "leaders of " + topic);
                askedNs = System.nanoTime();
            }
        }
    }

    private static boolean haveLeaders(MetadataResponse response, int partitions) {
        var found = response.topicMetadata();
        return found.size() == 1 && found.stream()
                .allMatch(topic -> topic.error() == Errors.NONE
                        && topic.partitionMetadata().size() >= partitions
                        && topic.partitionMetadata().stream()
                                .allMatch(p -> p.error == Errors.NONE));
    }

    private short produceError(String topic, int partition, byte[] value) throws IOException {
        var records = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(value));
        var data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000);
        data.topicData().add(new TopicProduceData().setName(topic).setPartitionData(
                List.of(new PartitionProduceData().setIndex(partition).setRecords(records))));
        ProduceRequest request = ProduceRequest.builder(data).build(PRODUCE_VERSION);
        var response = (ProduceResponse) call(request);
        return response.data().responses().iterator().next().partitionResponses().getFirst()
                .errorCode();
    }

    private AbstractResponse call(AbstractRequest request) throws IOException {
        var header = new RequestHeader(request.apiKey(), request.version(), "taffrail-bench",
                correlationId++);
        ByteBuffer frame = request.serializeWithHeader(header);
        var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        out.writeInt(frame.remaining());
        out.write(frame.array(), frame.arrayOffset() + frame.position(), frame.remaining());
        out.flush();
        var in = new DataInputStream(socket.getInputStream());
        byte[] answer = in.readNBytes(in.readInt());
        return AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
    }

    private static void pause(Broker broker, long deadlineNs, String wanted) throws IOException {
        broker.requireAlive();
        if (System.nanoTime() > deadlineNs) {
            throw new IOException(
                    broker.peer() + " did not provide " + wanted + " in time; end of its log:\n"
                            + broker.logTail());
        }
        LockSupport.parkNanos(PAUSE_NS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
