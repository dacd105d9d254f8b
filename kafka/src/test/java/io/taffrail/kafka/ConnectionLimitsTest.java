package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {

    @Test
    void connectionAboveTheLimitIsClosed() throws Exception {
        try (HeadFixture fixture = fixture(KafkaConfig.defaults().withMaxConnections(2));
                RawClient first = client(fixture);
                RawClient second = client(fixture)) {
            ask(first);
            ask(second);
            try (RawClient third = client(fixture)) {
                assertThat(third.isClosedByPeer()).isTrue();
            }
            ask(first);
        }
    }

    @Test
    void idleConnectionIsClosed() throws Exception {
        try (HeadFixture fixture = fixture(KafkaConfig.defaults().withIdleMs(50));
                RawClient client = client(fixture)) {
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void clientThatNeverReadsIsNotReadFromAndOthersGoOn() throws Exception {
        try (HeadFixture fixture = fixture(KafkaConfig.defaults())) {
            RawClient silent = client(fixture);
            var producer = fixture.producer(Map.of());
            for (int i = 0; i < 50; i++) {
                producer.send(new ProducerRecord<>("topic-" + i, "v")).get();
            }
            Thread flood = Thread.startVirtualThread(() -> {
                byte[] request = silent.frame(ApiKeys.METADATA, 12,
                        new MetadataRequestData().setTopics(null));
                try {
                    while (true) {
                        silent.bytes(request);
                    }
                } catch (IOException e) {
                    // The test has ended and closed the connection.
                }
            });

            for (int i = 0; i < 200; i++) {
                try (RawClient other = client(fixture)) {
                    ask(other);
                }
            }
            silent.close();
            flood.join();
        }
    }

    @Test
    void manyIdleConnectionsLeaveRoomForMore() throws Exception {
        try (HeadFixture fixture = fixture(KafkaConfig.defaults())) {
            List<RawClient> idle = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                idle.add(client(fixture));
            }
            ask(idle.getLast());
            ask(idle.getFirst());
            for (RawClient client : idle) {
                client.close();
            }
        }
    }

    private static HeadFixture fixture(KafkaConfig config) {
        return new HeadFixture(BrokerConfig.defaults(), config);
    }

    private static RawClient client(HeadFixture fixture) throws IOException {
        return new RawClient(fixture.head.address().getPort());
    }

    private static void ask(RawClient client) throws IOException {
        assertThat(client.call(ApiKeys.METADATA, 12, new MetadataRequestData(),
                MetadataResponseData.class).brokers()).hasSize(1);
    }
}
