package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handling of broken and hostile clients, and its isolation from other clients. */
class BadInputTest {

    private final HeadFixture fixture = new HeadFixture();

    @AfterEach
    void close() throws Exception {
        fixture.producer(Map.of()).send(new ProducerRecord<>("others", "k", "v")).get();
        fixture.close();
    }

    @Test
    void garbageClosesTheConnection() throws IOException {
        try (RawClient client = client()) {
            client.bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void randomGarbageClosesTheConnection() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            byte[] body = new byte[8 + seed];
            new Random(seed).nextBytes(body);
            ByteBuffer frame = ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body);
            try (RawClient client = client()) {
                client.bytes(frame.array());
                assertThat(client.isClosedByPeer()).as("seed %d", seed).isTrue();
            }
        }
    }

    @Test
    void mutatedRequestsAreAnsweredOrClosed() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            try (RawClient client = client()) {
                byte[] frame = client.frame(ApiKeys.FETCH, 12, new FetchRequestData());
                Random random = new Random(seed);
                frame[4 + random.nextInt(frame.length - 4)] = (byte) random.nextInt();
                client.bytes(frame);
                client.bytes(Arrays.copyOf(new byte[]{0, 0, 0, 8, 127, 127}, 12));
                while (!client.isClosedByPeer()) {
                    // The connection may send a response before it closes.
                }
            }
        }
    }

    @Test
    void oversizedFrameClosesTheConnection() throws IOException {
        try (RawClient client = client()) {
            client.bytes(ByteBuffer.allocate(4).putInt(104_857_601).array());
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void negativeFrameSizeClosesTheConnection() throws IOException {
        try (RawClient client = client()) {
            client.bytes(ByteBuffer.allocate(4).putInt(-1).array());
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void unknownApiClosesTheConnection() throws IOException {
        try (RawClient client = client()) {
            client.bytes(ByteBuffer.allocate(16).putInt(12).putShort((short) 999)
                    .putShort((short) 0).putInt(7).putShort((short) -1).putShort((short) 0)
                    .array());
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void apiWithoutHandlerClosesTheConnection() throws IOException {
        try (RawClient client = client()) {
            client.send(ApiKeys.UNREGISTER_BROKER, 0, ApiKeys.UNREGISTER_BROKER.messageType
                    .newRequest());
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void unknownVersionClosesTheConnection() throws IOException {
        try (RawClient client = client()) {
            byte[] frame = client.frame(ApiKeys.METADATA, 13, new MetadataRequestData());
            frame[7] = 99;
            client.bytes(frame);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void truncatedRequestClosesTheConnection() throws IOException {
        try (RawClient client = client()) {
            byte[] frame = client.frame(ApiKeys.FETCH, 12, new FetchRequestData());
            byte[] cut = Arrays.copyOf(frame, frame.length - 10);
            ByteBuffer.wrap(cut).putInt(0, cut.length - 4);
            client.bytes(cut);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void unknownVersionOfApiVersionsIsAnsweredWithVersionZero() throws IOException {
        try (RawClient client = client()) {
            byte[] frame = client.frame(ApiKeys.API_VERSIONS, 4,
                    new ApiVersionsRequestData().setClientSoftwareName("x")
                            .setClientSoftwareVersion("1"));
            frame[6] = 127;
            frame[7] = (byte) 255;
            client.bytes(frame);
            ApiVersionsResponseData answer = client.receive(ApiKeys.API_VERSIONS, 0,
                    ApiVersionsResponseData.class);

            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
            assertThat(answer.apiKeys().find(ApiKeys.API_VERSIONS.id)).isNotNull();
            assertThat(client.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData(),
                    ApiVersionsResponseData.class).errorCode()).isZero();
        }
    }

    @Test
    void requestInManySmallPiecesIsAnswered() throws IOException {
        try (RawClient client = client()) {
            byte[] frame = client.frame(ApiKeys.METADATA, 12, new MetadataRequestData());
            for (byte piece : frame) {
                client.bytes(new byte[]{piece});
            }
            assertThat(client.receive(ApiKeys.METADATA, 12, MetadataResponseData.class)
                    .clusterId()).isEqualTo(fixture.broker.clusterId());
        }
    }

    @Test
    void manyRequestsAtOnceAreAnsweredInOrder() throws IOException {
        try (RawClient client = client()) {
            byte[][] frames = new byte[500][];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = client.frame(ApiKeys.METADATA, 12, new MetadataRequestData());
            }
            client.bytes(RawClient.join(frames));
            for (int i = 1; i <= frames.length; i++) {
                assertThat(client.receiveFrame().getInt()).isEqualTo(i);
            }
        }
    }

    private RawClient client() throws IOException {
        return new RawClient(fixture.head.address().getPort());
    }
}
