package io.taffrail.kafka.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.Topic;
import io.taffrail.kafka.HeadFixture;
import io.taffrail.kafka.api.TransactionGate;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The heap for batches that are compressed anew is charged before and released in any case. */
final class ConversionsTest {

    private static final int RECORD_BYTES = 1 << 20;
    private static final int BATCH_RECORDS = 3;

    private final HeadFixture fixture = new HeadFixture();
    private final PartitionProduceResponse result = new PartitionProduceResponse();
    private Topic topic;

    @BeforeEach
    void create() throws Exception {
        fixture.admin().createTopics(List.of(new NewTopic("plain", Optional.of(1), Optional.empty())
                .configs(Map.of("compression.type", "uncompressed", "max.message.bytes",
                        String.valueOf(64 << 20)))))
                .all().get();
        topic = fixture.broker.topics().find("plain").orElseThrow();
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static ByteBuffer batch(int records, int bytes) {
        BatchBuilder builder = new BatchBuilder().codec(Codec.GZIP);
        for (int i = 0; i < records; i++) {
            builder.add(System.currentTimeMillis(), null, new byte[bytes]);
        }
        return builder.build();
    }

    private ProduceChecks request(Conversions conversions, ByteBuffer... batches) {
        ProduceChecks checks = new ProduceChecks(
                new BatchIntake(new Inflation(64 << 20, 10_000), (short) 9,
                        System.currentTimeMillis(), false),
                conversions);
        for (ByteBuffer batch : batches) {
            checks.add(topic.partition(0).orElseThrow(), topic.config().intake(),
                    new PartitionProduceData().setRecords(MemoryRecords.readableRecords(batch)),
                    result);
        }
        return checks;
    }

    /** Runs the checks up to the first conversion. */
    private static ProduceChecks checked(ProduceChecks checks) {
        assertThat(checks.onLoop()).isFalse();
        assertThat(checks.next()).as("a conversion is left").isTrue();
        return checks;
    }

    /** Runs the steps of a conversion whose heap is charged; returns their number. */
    private static int converted(ProduceChecks checks) {
        int steps = 1;
        while (checks.next()) {
            assertThat(checks.charge(() -> {})).as("charged once").isTrue();
            steps++;
        }
        return steps;
    }

    @Test
    void aLargeBatchIsConvertedInSteps() {
        Conversions conversions = new Conversions(64 << 20);
        ProduceChecks checks = checked(request(conversions, batch(BATCH_RECORDS, RECORD_BYTES)));
        assertThat(checks.charge(() -> {})).isTrue();
        assertThat(checks.nextBytes()).isBetween(1L << 20, 8L << 20);

        assertThat(converted(checks)).isEqualTo(BATCH_RECORDS + 1);

        assertThat(checks.nextBytes()).isZero();
        checks.release();
        assertThat(conversions.chargedBytes()).isZero();
    }

    @Test
    void aRequestThatEndsBetweenTwoStepsKeepsNothing() {
        Conversions conversions = new Conversions(64 << 20);
        ProduceChecks checks = checked(request(conversions, batch(BATCH_RECORDS, RECORD_BYTES)));
        assertThat(checks.charge(() -> {})).isTrue();
        assertThat(checks.next()).isTrue();

        checks.refuseRest();

        checks.append(new ProduceCall((short) 1, () -> {}, _ -> {},
                TransactionGate.NO_TRANSACTIONS));
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        checks.release();
        assertThat(conversions.chargedBytes()).isZero();
    }

    @Test
    void aRequestWithoutRoomWaitsForThoseBeforeIt() {
        Conversions conversions = new Conversions(8 << 20);
        ByteBuffer batch = batch(BATCH_RECORDS, RECORD_BYTES);
        List<ProduceChecks> running = new ArrayList<>();
        List<String> granted = new ArrayList<>();
        ProduceChecks next = checked(request(conversions, batch.duplicate()));
        // The first one without room overdraws the budget; the next one waits.
        while (next.charge(() -> granted.add("overdrawn")) || granted.size() == 1) {
            converted(next);
            running.add(next);
            next = checked(request(conversions, batch.duplicate()));
            if (granted.size() == 1) {
                assertThat(next.charge(() -> granted.add("waited"))).isFalse();
                break;
            }
        }
        assertThat(granted).containsExactly("overdrawn");
        assertThat(conversions.chargedBytes()).isBetween(5L << 20,
                (8L << 20) + (BATCH_RECORDS + 1) * RECORD_BYTES);

        running.forEach(ProduceChecks::release);

        assertThat(granted).containsExactly("overdrawn", "waited");
        converted(next);
        next.release();
        assertThat(conversions.chargedBytes()).isZero();
    }

    @Test
    void aConversionThatFailsKeepsNothing() {
        Conversions conversions = new Conversions(64 << 20);
        ByteBuffer batch = batch(BATCH_RECORDS, RECORD_BYTES);
        ProduceChecks checks = checked(request(conversions, batch));
        assertThat(checks.charge(() -> {})).isTrue();
        assertThat(conversions.chargedBytes()).isGreaterThan(BATCH_RECORDS * RECORD_BYTES - 8192L);
        for (int at = 80; at < batch.limit(); at++) {
            batch.put(at, (byte) -1);
        }

        assertThat(checks.next()).isFalse();

        assertThat(conversions.chargedBytes()).isZero();
        checks.append(new ProduceCall((short) 1, () -> {}, _ -> {},
                TransactionGate.NO_TRANSACTIONS));
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void aBatchThatOneRequestMayNotHoldIsRefused() {
        Conversions conversions = new Conversions(RECORD_BYTES);
        ProduceChecks checks = checked(
                request(conversions, batch(BATCH_RECORDS, RECORD_BYTES)));

        assertThat(checks.charge(() -> {})).isTrue();
        assertThat(checks.next()).isFalse();

        assertThat(conversions.chargedBytes()).isZero();
        checks.append(new ProduceCall((short) 1, () -> {}, _ -> {},
                TransactionGate.NO_TRANSACTIONS));
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void smallBatchesOfOneRequestDoNotAddUpOnTheEventLoop() {
        Conversions conversions = new Conversions(64 << 20);
        ByteBuffer batch = batch(1, 60 << 10);
        ByteBuffer[] batches = new ByteBuffer[200];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = batch.duplicate();
        }
        ProduceChecks checks = request(conversions, batches);

        assertThat(checks.onLoop()).isFalse();

        assertThat(conversions.chargedBytes()).isBetween(8L << 20, 9L << 20);
        checks.release();
        assertThat(conversions.chargedBytes()).isZero();
    }
}
