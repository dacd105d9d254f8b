package io.taffrail.broker.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.Properties.Property;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageBatchTest {

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Test
    void messagesComeBackByteForByte() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            MessageBatch batch = new MessageBatch();
            List<Message> sent = new ArrayList<>();
            for (int count = 1 + random.nextInt(20); count > 0; count--) {
                Message message = new Message("x".repeat(random.nextInt(3)),
                        "k".repeat(random.nextInt(4)), properties(random),
                        bytes("b".repeat(random.nextInt(200))));
                sent.add(message);
                batch.add(message, 1000 + random.nextInt(1000));
            }
            RecordCursor cursor = new RecordCursor();
            cursor.open(batch.take());
            for (int index = 0; index < sent.size(); index++) {
                assertThat(cursor.next(0)).as("seed %d", seed).isTrue();
                Message message = sent.get(index);
                assertThat(cursor.offset()).isEqualTo(index);
                assertThat(text(cursor.exchange())).isEqualTo(message.exchange());
                assertThat(text(cursor.routingKey())).isEqualTo(message.routingKey());
                assertThat(cursor.body()).as("seed %d", seed).isEqualTo(message.body());
                assertThat(cursor.properties()).as("seed %d", seed)
                        .isEqualTo(message.properties().section());
            }
            assertThat(cursor.next(0)).isFalse();
        }
    }

    private static Properties properties(Random random) {
        Properties properties = Properties.none();
        if (random.nextBoolean()) {
            properties = properties.withText(Property.MESSAGE_ID, "id" + random.nextInt());
        }
        if (random.nextBoolean()) {
            Map<String, FieldValue> headers = new LinkedHashMap<>();
            headers.put("t", new FieldValue.Text("text"));
            headers.put("l", new FieldValue.ListOf(
                    List.of(new FieldValue.None(), new FieldValue.UInt8(200))));
            headers.put("d", new FieldValue.Decimal(2, random.nextInt()));
            properties = properties.withHeaders(FieldTable.of(headers));
        }
        return random.nextBoolean() ? properties.withTimestamp(random.nextLong()) : properties;
    }

    @Test
    void logClientsSeeKeyValueAndHeaders() {
        MessageBatch batch = new MessageBatch();
        Properties properties = Properties.none().withText(Property.CONTENT_TYPE, "text/plain")
                .withHeaders(FieldTable.of(Map.of("n", new FieldValue.Int32(7))));
        batch.add(new Message("x", "key", properties, bytes("value")), 5);

        try (RecordWalker records = new RecordWalker(batch.take(), 0)) {
            RecordView record = records.next();
            assertThat(record.key()).isEqualTo(bytes("key"));
            assertThat(record.value()).isEqualTo(bytes("value"));
            assertThat(record.timestampMs()).isEqualTo(5);
            assertThat(record.headers()).extracting(RecordView.Header::name)
                    .containsExactly("amqp", "content-type", "n");
            assertThat(record.headers().get(2).value()).isEqualTo(bytes("7"));
        }
    }

    @Test
    void recordsOfLogClientsAreMessages() {
        for (Codec codec : List.of(Codec.NONE, Codec.GZIP)) {
            ByteBuffer batch = new BatchBuilder().codec(codec).add(12_345, bytes("key"),
                    bytes("value"),
                    List.of(new RecordView.Header("content-type", bytes("a/b")),
                            new RecordView.Header("h", bytes("v")),
                            new RecordView.Header("none", null)))
                    .add(12_346, null, null, List.of()).build();
            RecordCursor cursor = new RecordCursor();
            cursor.open(batch);

            assertThat(cursor.next(0)).isTrue();
            assertThat(text(cursor.routingKey())).isEqualTo("key");
            assertThat(text(cursor.body())).isEqualTo("value");
            Properties properties = Properties.of(cursor.properties());
            assertThat(properties.text(Property.CONTENT_TYPE)).contains("a/b");
            assertThat(properties.timestamp()).contains(12L);
            assertThat(properties.headers().entries()).containsEntry("h", new FieldValue.Text("v"))
                    .containsEntry("none", new FieldValue.None());
            assertThat(cursor.next(1)).isTrue();
            assertThat(cursor.body().remaining()).isZero();
            assertThat(cursor.next(2)).isFalse();
        }
    }

    @Test
    void smallMessageCostsFewBytes() {
        MessageBatch batch = new MessageBatch();
        Properties persistent = Properties.none().withOctet(Property.DELIVERY_MODE, 2);
        batch.add(new Message("", "q", persistent, bytes("twelve bytes")), 5);
        int first = batch.sizeBytes();
        batch.add(new Message("", "q", persistent, bytes("twelve bytes")), 5);

        assertThat(batch.sizeBytes() - first).isEqualTo(12 + 18);
    }
}
