package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.MessageBatch;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.broker.vhost.Host.Recorder;
import io.taffrail.log.AppendResult;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.batch.RecordView.Header;
import io.taffrail.log.batch.RecordWalker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A fuzz test of records that log clients append to queues with an arbitrary {@code amqp} header:
 * no record quarantines a queue on any path, and each is delivered.
 */
class ForeignRecordFuzzTest extends HostTest {

    private static final int RECORDS = 60;
    private static final int ROUNDS = 20;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    private AnyQueue queue(String name) {
        return ((LiveVirtualHost) host.api()).queue(name).orElseThrow();
    }

    /** The envelope of a message with all properties. */
    private static byte[] envelope() {
        FieldTable inner = FieldTable.of(Map.of("queue", new FieldValue.Text("source"), "reason",
                new FieldValue.Text("expired"), "count", new FieldValue.Int64(3), "list",
                new FieldValue.ListOf(
                        List.of(new FieldValue.Int8((byte) 1), new FieldValue.None()))));
        FieldTable table = FieldTable.of(Map.of(
                "x-death", new FieldValue.ListOf(List.of(new FieldValue.TableOf(inner))),
                "CC", new FieldValue.ListOf(List.of(new FieldValue.Text("more"))),
                "BCC", new FieldValue.ListOf(List.of(new FieldValue.Text("less"))),
                "x-deduplication-header", new FieldValue.Text("mark"),
                "x-delay", new FieldValue.Int32(5),
                "x-stream-filter-value", new FieldValue.Text("f"),
                "bytes", new FieldValue.Bytes(new byte[]{1, 2, 3})));
        Properties properties = Properties.none().withHeaders(table)
                .withText(Property.EXPIRATION, "600000").withOctet(Property.PRIORITY, 3)
                .withText(Property.MESSAGE_ID, "id").withTimestamp(5);
        MessageBatch batch = new MessageBatch();
        batch.add(new Message("amq.direct", "key", properties, ByteBuffer.allocate(3)), 1);
        try (RecordWalker records = new RecordWalker(batch.take(), 0)) {
            ByteBuffer value = Objects
                    .requireNonNull(records.next().headers().getFirst().value());
            byte[] bytes = new byte[value.remaining()];
            value.get(bytes);
            return bytes;
        }
    }

    private byte[] mutated(byte[] original) {
        byte[] bytes = original.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            switch (random.nextInt(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
                case 2 -> {
                    if (bytes.length >= 4) {
                        int[] extremes = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 20};
                        ByteBuffer.wrap(bytes).putInt(random.nextInt(bytes.length - 3),
                                extremes[random.nextInt(extremes.length)]);
                    }
                }
                default -> {
                    if (bytes.length > 0) {
                        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                    }
                }
            }
        }
        return bytes;
    }

    private byte[] random(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private @Nullable ByteBuffer randomKey() {
        return random.nextInt(3) == 0 ? null : ByteBuffer.wrap(random(400));
    }

    /**
     * A valid batch of records, some with mutated envelopes and some with random bytes as the
     * envelope.
     */
    private ByteBuffer batch(byte[] envelope) {
        BatchBuilder batch = new BatchBuilder();
        if (random.nextInt(4) == 0) {
            batch.codec(Codec.GZIP);
        }
        for (int index = 0; index < RECORDS; index++) {
            List<Header> headers = new ArrayList<>();
            byte[] value = switch (random.nextInt(3)) {
                case 0 -> random(300);
                default -> mutated(envelope);
            };
            headers.add(new Header("amqp", ByteBuffer.wrap(value)));
            for (int more = random.nextInt(3); more > 0; more--) {
                headers.add(new Header(new String(random(300), StandardCharsets.ISO_8859_1),
                        random.nextBoolean() ? null : ByteBuffer.wrap(random(300))));
            }
            batch.add(time.millis(), randomKey(),
                    random.nextInt(5) == 0 ? null : ByteBuffer.wrap(random(50)), headers);
        }
        return batch.build();
    }

    private void append(String queue, ByteBuffer batch) {
        AppendResult result = host.owner()
                .call(() -> queue(queue).asLog().orElseThrow().append(batch));
        assertThat(result).as("seed %s", seed).isInstanceOf(AppendResult.Stored.class);
    }

    private void isSound() {
        assertThat(host.api().quarantined()).as("seed %s", seed).isEmpty();
        assertThat(host.publish("other", "m")).as("seed %s", seed).isTrue();
    }

    private Map<String, FieldValue> withDeadLetters(String exchange, String argument,
            FieldValue value) {
        return Map.of("x-dead-letter-exchange", new FieldValue.Text(exchange), argument, value);
    }

    private Recorder consumeAndReject(Map<String, FieldValue> arguments) {
        assertThat(host.declare("q", arguments).ready()).isZero();
        assertThat(host.declare("other", Map.of()).ready()).isZero();
        assertThat(host.declare("dead", Map.of()).ready()).isZero();
        Void _ = host.await(() -> host.api().bind(new Binding("amq.headers", "dead", true, "",
                FieldTable.of(Map.of("x-match", new FieldValue.Text("any"), "bytes",
                        new FieldValue.None()))),
                Host.SESSION));
        Void _ = host.await(() -> host.api().bind(
                new Binding("amq.fanout", "dead", true, "", FieldTable.EMPTY), Host.SESSION));
        Recorder consumer = host.consume("q", 0);
        Recorder dead = host.consume("dead", 0);
        byte[] envelope = envelope();
        for (int round = 0; round < ROUNDS; round++) {
            append("q", batch(envelope));
            List<Got> got = consumer.take(RECORDS);
            host.run(() -> got.forEach(it -> it.delivery().requeue()));
            List<Got> again = consumer.take(RECORDS);
            host.run(() -> again.forEach(it -> it.delivery().reject()));
            isSound();
        }
        return dead;
    }

    @Test
    void quorumQueueWithDeadLettersToAFanout() {
        Recorder dead = consumeAndReject(
                withDeadLetters("amq.fanout", "x-queue-type", new FieldValue.Text("quorum")));
        assertThat(dead.take(RECORDS * ROUNDS)).hasSize(RECORDS * ROUNDS);
    }

    @Test
    void priorityQueueWithDeadLettersByHeaders() {
        Recorder dead = consumeAndReject(
                withDeadLetters("amq.headers", "x-max-priority", new FieldValue.Int32(5)));
        assertThat(dead.take().properties().headers().get("bytes")).isPresent();
    }

    @Test
    void deduplicatingQueueWithALimitOfBytes() {
        Recorder dead = consumeAndReject(Map.of("x-message-deduplication",
                new FieldValue.Bool(true),
                "x-max-length-bytes", new FieldValue.Int64(1 << 30), "x-dead-letter-exchange",
                new FieldValue.Text("amq.fanout")));
        assertThat(dead.take(RECORDS * ROUNDS)).hasSize(RECORDS * ROUNDS);
    }

    @Test
    void stream() {
        assertThat(host.declare("q", Map.of("x-queue-type", new FieldValue.Text("stream"))).ready())
                .isZero();
        assertThat(host.declare("other", Map.of()).ready()).isZero();
        append("q", batch(envelope()));
        Recorder consumer = new Recorder();
        var _ = host.subscribe("q", consumer, true, RECORDS,
                Map.of("x-stream-offset", new FieldValue.Text("first"), "x-stream-filter",
                        new FieldValue.Text("f"), "x-stream-match-unfiltered",
                        new FieldValue.Bool(true)));
        assertThat(consumer.take().body()).isNotNull();
        isSound();
    }

    @Test
    void expiredOnTheirWayToADeduplicatingExchange() {
        assertThat(host.declare("other", Map.of()).ready()).isZero();
        Void _ = host.await(() -> host.api().declareExchange(new ExchangeDeclaration("unique",
                "x-message-deduplication", true, false, false,
                FieldTable.of(Map.of("x-cache-size", new FieldValue.Int32(10))))));
        assertThat(host.declare("dead", Map.of()).ready()).isZero();
        Void _ = host.await(() -> host.api()
                .bind(new Binding("unique", "dead", true, "", FieldTable.EMPTY), Host.SESSION));
        assertThat(host.declare("q",
                withDeadLetters("unique", "x-message-ttl", new FieldValue.Int32(1))).ready())
                .isZero();
        for (int round = 0; round < ROUNDS; round++) {
            append("q", batch(envelope()));
            time.pass(10, host.owner());
            isSound();
        }
        assertThat(host.status("q").ready()).isZero();
    }
}
