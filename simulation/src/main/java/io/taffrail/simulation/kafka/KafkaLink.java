package io.taffrail.simulation.kafka;

import io.taffrail.simulation.network.Wire;
import io.taffrail.simulation.world.Violation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** A client's connection: encodes requests to bytes and decodes answers from bytes. */
final class KafkaLink implements Wire.Client {

    /** Receives the answer of a request; after {@link #lost} its outcome is unknown. */
    interface Answer {

        void is(ApiMessage body);

        void lost();
    }

    private record Asked(int correlation, ApiKeys key, short version, Answer answer) {}

    private final HeadMachine machine;
    private final Wire wire;
    private final Deque<Asked> asked = new ArrayDeque<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private int correlations;
    private boolean over;

    KafkaLink(HeadMachine machine) {
        this.machine = machine;
        this.wire = machine.connect(this);
    }

    boolean isOpen() {
        return !over && wire.isOpen();
    }

    boolean isIdle() {
        return asked.isEmpty();
    }

    /** Cuts the connection at any byte. */
    void cut() {
        machine.trace().event("cut", "", wire.underWay(), asked.size());
        wire.cut();
    }

    void send(ApiKeys key, int version, ApiMessage body, Answer answer) {
        short apiVersion = (short) version;
        int correlation = correlations++;
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(key.id)
                .setRequestApiVersion(apiVersion).setClientId("sim")
                .setCorrelationId(correlation);
        short headerVersion = key.requestHeaderVersion(apiVersion);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, apiVersion);
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + size.totalSize());
        bytes.putInt(size.totalSize());
        ByteBufferAccessor out = new ByteBufferAccessor(bytes);
        header.write(out, cache, headerVersion);
        body.write(out, cache, apiVersion);
        asked.add(new Asked(correlation, key, apiVersion, answer));
        machine.trace().event("ask", key.name, correlation, bytes.capacity());
        wire.send(bytes.array());
    }

    @Override
    public void received(byte[] bytes) {
        if (over || machine.isOver()) {
            return;
        }
        received.writeBytes(bytes);
        ByteBuffer all = ByteBuffer.wrap(received.toByteArray());
        while (all.remaining() >= Integer.BYTES
                && all.remaining() - Integer.BYTES >= all.getInt(all.position())) {
            int size = all.getInt();
            answer(all.slice(all.position(), size));
            all.position(all.position() + size);
        }
        received.reset();
        received.write(all.array(), all.position(), all.remaining());
    }

    private void answer(ByteBuffer frame) {
        Asked first = asked.poll();
        if (first == null) {
            throw new Violation("every request has one answer", "and nothing was asked");
        }
        ByteBufferAccessor in = new ByteBufferAccessor(frame);
        ResponseHeaderData header = new ResponseHeaderData(in,
                first.key.responseHeaderVersion(first.version));
        machine.trace().event("answer", first.key.name, header.correlationId(), frame.limit());
        if (header.correlationId() != first.correlation) {
            throw new Violation("answers come in the order of requests",
                    header.correlationId() + " came for " + first.correlation);
        }
        ApiMessage body = first.key.messageType.newResponse();
        body.read(in, first.version);
        first.answer.is(body);
    }

    @Override
    public void lost() {
        if (over || machine.isOver()) {
            return;
        }
        over = true;
        while (!asked.isEmpty()) {
            asked.remove().answer.lost();
        }
    }
}
