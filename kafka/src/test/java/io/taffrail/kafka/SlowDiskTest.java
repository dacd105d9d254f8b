package io.taffrail.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.NewTopic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class SlowDiskTest {

    private static final int BATCH_BYTES = 10_000;

    @Test
    void producersWaitWhileTooMuchIsUnforcedAndOthersGoOn() throws Exception {
        try (HeadFixture fixture = new HeadFixture(BrokerConfig.defaults(),
                KafkaConfig.defaults().withUnforcedMaxBytes(5 * BATCH_BYTES));
                RawClient producer = new RawClient(fixture.head.address().getPort());
                RawClient other = new RawClient(fixture.head.address().getPort())) {
            var _ = fixture.broker.topics().create(NewTopic.of("t", 1, Map.of())).join();
            fixture.engine.holdDurability();
            for (int i = 0; i < 40; i++) {
                producer.send(ApiKeys.PRODUCE, 12, request());
            }

            for (int i = 0; i < 50; i++) {
                assertThat(other.call(ApiKeys.METADATA, 12, new MetadataRequestData(),
                        MetadataResponseData.class).brokers()).hasSize(1);
                assertThat(fixture.engine.unforcedBytes()).isLessThan(8 * BATCH_BYTES);
            }

            fixture.engine.releaseDurability();
            for (int i = 0; i < 40; i++) {
                assertThat(producer.receive(ApiKeys.PRODUCE, 12, ProduceResponseData.class)
                        .responses().iterator().next().partitionResponses().getFirst()
                        .baseOffset()).isEqualTo(i);
            }
        }
    }

    @Test
    void requestAfterAProduceIsHandledWhenThatIsDurable() throws Exception {
        try (HeadFixture fixture = new HeadFixture();
                RawClient client = new RawClient(fixture.head.address().getPort())) {
            var _ = fixture.broker.topics().create(NewTopic.of("t", 1, Map.of())).join();
            fixture.engine.holdDurability();
            client.send(ApiKeys.PRODUCE, 12, request());
            client.send(ApiKeys.METADATA, 12, new MetadataRequestData());
            while (fixture.engine.unforcedBytes() == 0) {
                Thread.onSpinWait();
            }
            fixture.engine.releaseDurability();

            client.receive(ApiKeys.PRODUCE, 12, ProduceResponseData.class);
            assertThat(client.receive(ApiKeys.METADATA, 12, MetadataResponseData.class)
                    .brokers()).hasSize(1);
        }
    }

    private static ProduceRequestData request() {
        MemoryRecords records = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(
                "k".getBytes(UTF_8), "v".repeat(BATCH_BYTES - 100).getBytes(UTF_8)));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) -1)
                .setTimeoutMs(1000);
        request.topicData().add(new TopicProduceData().setName("t").setPartitionData(
                List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
        return request;
    }
}
