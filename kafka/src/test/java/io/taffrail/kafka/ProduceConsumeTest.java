package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProduceConsumeTest {

    private final HeadFixture fixture = new HeadFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void recordsComeBackInOrder(String compression) throws Exception {
        fixture.admin().createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        KafkaProducer<String, String> producer = fixture.producer(
                Map.of("compression.type", compression, "enable.idempotence", false));
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            sent.add(producer.send(new ProducerRecord<>("t", "k" + i, "v".repeat(200) + i)));
        }
        producer.flush();

        for (int i = 0; i < sent.size(); i++) {
            assertThat(sent.get(i).get().offset()).isEqualTo(i);
        }
        var records = fixture.readAll(new TopicPartition("t", 0), 5000);
        assertThat(records).hasSize(5000);
        for (int i = 0; i < records.size(); i++) {
            assertThat(records.get(i).offset()).isEqualTo(i);
            assertThat(records.get(i).key()).isEqualTo("k" + i);
        }
    }

    @Test
    void missingTopicIsCreatedForAProducer() throws Exception {
        RecordMetadata stored = fixture.producer(Map.of("enable.idempotence", false))
                .send(new ProducerRecord<>("new", "k", "v")).get();

        assertThat(stored.offset()).isZero();
        assertThat(fixture.broker.topics().find("new")).isPresent();
    }
}
