package io.taffrail.log.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.Refusal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchValidatorTest {

    private static final int RECORDS_AT = BatchHeader.SIZE_BYTES;

    private final BatchValidator validator = new BatchValidator();

    @AfterEach
    void close() {
        validator.close();
    }

    @Test
    void refusesAWrongFrame() {
        ByteBuffer whole = twoRecords();
        assertThat(refusal(whole.duplicate().limit(40))).isEqualTo(Refusal.CORRUPT_BATCH);
        assertThat(refusal(whole.duplicate().limit(whole.limit() - 1)))
                .isEqualTo(Refusal.CORRUPT_BATCH);
        assertThat(refusal(ByteBuffer.allocate(whole.limit() + 1).put(whole.duplicate()).rewind()))
                .isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(with(batch -> batch.putInt(8, -1)))).isEqualTo(Refusal.CORRUPT_BATCH);
        assertThat(refusal(with(batch -> batch.putInt(8, Integer.MAX_VALUE))))
                .isEqualTo(Refusal.CORRUPT_BATCH);
    }

    @Test
    void refusesOldAndUnknownFormats() {
        assertThat(refusal(with(batch -> batch.put(16, (byte) 1))))
                .isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(with(batch -> batch.put(16, (byte) 3))))
                .isEqualTo(Refusal.CORRUPT_BATCH);
    }

    @Test
    void refusesAWrongChecksum() {
        ByteBuffer batch = twoRecords();
        batch.put(batch.limit() - 2, (byte) (batch.get(batch.limit() - 2) + 1));

        assertThat(refusal(batch)).isEqualTo(Refusal.CORRUPT_BATCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 3, 1_000_000, Integer.MAX_VALUE})
    void refusesACountThatIsNotTrue(int count) {
        assertThat(refusal(with(batch -> batch.putInt(57, count))))
                .isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(with(batch -> batch.putInt(57, count).putInt(23, count - 1))))
                .isEqualTo(Refusal.INVALID_RECORD);
    }

    @Test
    void refusesHeadersThatOnlyABrokerMayWrite() {
        assertThat(refusal(with(batch -> batch.putLong(0, 5)))).isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(attributes(5))).isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(attributes(7))).isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(attributes(0x08))).isEqualTo(Refusal.INVALID_TIMESTAMP);
        assertThat(refusal(attributes(0x10))).isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(attributes(0x20))).isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(attributes(0x40))).isEqualTo(Refusal.INVALID_RECORD);
    }

    @Test
    void refusesAProducerWithoutEpochOrSequence() {
        assertThat(refusal(with(batch -> batch.putLong(43, 9)))).isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(with(batch -> batch.putLong(43, -2))))
                .isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(with(batch -> batch.putLong(43, 9).putShort(51, (short) 0))))
                .isEqualTo(Refusal.INVALID_RECORD);
        assertThat(check(with(
                batch -> batch.putLong(43, 9).putShort(51, (short) 0).putInt(53, 0))))
                .isInstanceOf(BatchCheck.Valid.class);
    }

    @Test
    void refusesRecordsThatLieAboutThemselves() {
        int[] lengthOffsetAndSizes = {0, 3, 4, 6, 12};
        for (int field : lengthOffsetAndSizes) {
            for (int value : new int[]{1, 3, 0x7F, 0xFF}) {
                assertThat(refusal(with(batch -> batch.put(RECORDS_AT + field, (byte) value))))
                        .as("byte %d set to %d", field, value).isEqualTo(Refusal.INVALID_RECORD);
            }
        }
    }

    @Test
    void refusesAHeaderWithoutName() {
        ByteBuffer batch = new BatchBuilder().add(1, null, null,
                List.of(new RecordView.Header("", null))).build();
        assertThat(check(batch)).isInstanceOf(BatchCheck.Valid.class);
        batch.put(batch.limit() - 2, (byte) 1);
        seal(batch);

        assertThat(refusal(batch)).isEqualTo(Refusal.INVALID_RECORD);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void namesEachRecordThatHasNoKeyWhereKeysAreRequired(Codec codec) {
        ByteBuffer batch = new BatchBuilder().codec(codec).add(1, null, bytes("a"))
                .add(2, bytes("k"), bytes("b")).add(3, null, bytes("c")).build();

        BatchCheck check = validator.validate(batch, BatchRules.FORMAT.withRequireKeys(true));

        assertThat(check).isInstanceOfSatisfying(BatchCheck.Invalid.class, invalid -> {
            assertThat(invalid.reason()).isEqualTo(Refusal.INVALID_RECORD);
            assertThat(invalid.records()).extracting(BatchCheck.RecordError::index)
                    .containsExactly(0, 2);
        });
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void refusesTimestampsOutsideTheBounds(Codec codec) {
        BatchRules rules = BatchRules.FORMAT.withTimestampsAround(1_000, 100, 50);
        BatchBuilder good = new BatchBuilder().codec(codec);
        for (long timestampMs : new long[]{900, 1_050, -1}) {
            good.add(timestampMs, null, bytes("v"));
        }
        assertThat(validator.validate(good.build(), rules)).isInstanceOf(BatchCheck.Valid.class);

        for (long timestampMs : new long[]{899, 1_051, Long.MAX_VALUE, Long.MIN_VALUE}) {
            BatchBuilder bad = new BatchBuilder().codec(codec).add(1_000, null, bytes("v"))
                    .add(timestampMs, null, bytes("v"));
            assertThat(validator.validate(bad.build(), rules))
                    .isInstanceOfSatisfying(BatchCheck.Invalid.class, invalid -> {
                        assertThat(invalid.reason()).isEqualTo(Refusal.INVALID_TIMESTAMP);
                        assertThat(invalid.records()).extracting(BatchCheck.RecordError::index)
                                .containsExactly(1);
                    });
        }
    }

    @Test
    void timestampBoundsWithoutLimitAdmitEverything() {
        BatchRules rules = BatchRules.FORMAT.withTimestampsAround(1_000, Long.MAX_VALUE,
                Long.MAX_VALUE);

        assertThat(rules.earliestMs()).isEqualTo(Long.MIN_VALUE);
        assertThat(rules.latestMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void namesAtMostAHundredRecords() {
        BatchBuilder builder = new BatchBuilder();
        for (int index = 0; index < 1_000; index++) {
            builder.add(1, null, bytes("v"));
        }

        assertThat(validator.validate(builder.build(), BatchRules.FORMAT.withRequireKeys(true)))
                .isInstanceOfSatisfying(BatchCheck.Invalid.class,
                        invalid -> assertThat(invalid.records()).hasSize(100));
    }

    @ParameterizedTest
    @EnumSource(value = Codec.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void stopsDecompressingAtTheLimit(Codec codec) {
        ByteBuffer batch = new BatchBuilder().codec(codec).add(1, null, new byte[64 << 20]).build();
        BatchRules rules = BatchRules.FORMAT.withMaxRecordBytes(1 << 20);

        assertThat(validator.validate(batch, rules)).isEqualTo(new BatchCheck.TooLong(1 << 20));
        assertThat(validator.validate(batch, BatchRules.FORMAT))
                .isInstanceOf(BatchCheck.Valid.class);
    }

    @Test
    void refusesSnappyThatClaimsMoreThanItCanHold() {
        ByteBuffer bare = ByteBuffer.allocate(128);
        bare.put(RECORDS_AT, new byte[]{-1, -1, -1, -1, 7, 0, 0, 0}).limit(RECORDS_AT + 8);
        ByteBuffer framed = ByteBuffer.allocate(128);
        framed.putLong(RECORDS_AT, 0x82534E4150505900L).putInt(RECORDS_AT + 8, 1)
                .putInt(RECORDS_AT + 12, 1).putInt(RECORDS_AT + 16, 500 << 20)
                .limit(RECORDS_AT + 30);
        for (ByteBuffer batch : List.of(bare, framed)) {
            copyHeader(twoRecords(), batch);
            batch.putShort(21, (short) Codec.SNAPPY.id());
            seal(batch);
            assertThat(check(batch)).isInstanceOfSatisfying(BatchCheck.Invalid.class,
                    invalid -> assertThat(invalid.detail()).contains("claims"));
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void anyDamageUnderAValidChecksumIsAnsweredNotThrown(Codec codec) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        BatchBuilder builder = new BatchBuilder().codec(codec);
        for (int index = 0; index < 20; index++) {
            builder.add(index, bytes("key" + index), new byte[random.nextInt(200)]);
        }
        ByteBuffer whole = builder.build();
        for (int round = 0; round < 3_000; round++) {
            ByteBuffer batch = ByteBuffer.allocate(whole.limit()).put(whole.duplicate()).flip();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                batch.put(RECORDS_AT + random.nextInt(batch.limit() - RECORDS_AT),
                        (byte) random.nextInt());
            }
            seal(batch);
            assertThat(check(batch)).as("seed %d round %d", seed, round).isNotNull();
        }
    }

    private BatchCheck check(ByteBuffer batch) {
        return validator.validate(batch, BatchRules.FORMAT.withMaxRecordBytes(16 << 20));
    }

    private Refusal refusal(ByteBuffer batch) {
        return check(batch) instanceof BatchCheck.Invalid invalid
                ? invalid.reason()
                : org.junit.jupiter.api.Assertions.fail("the batch is valid");
    }

    private static ByteBuffer twoRecords() {
        return new BatchBuilder().add(100, bytes("k"), bytes("value"))
                .add(101, bytes("k"), bytes("value")).build();
    }

    private static ByteBuffer with(Consumer<ByteBuffer> change) {
        ByteBuffer batch = twoRecords();
        change.accept(batch);
        seal(batch);
        return batch;
    }

    private static ByteBuffer attributes(int attributes) {
        return with(batch -> batch.putShort(21, (short) attributes));
    }

    private static void copyHeader(ByteBuffer from, ByteBuffer to) {
        to.put(0, from, 0, RECORDS_AT);
        to.putInt(8, to.limit() - BatchHeader.LENGTH_OVERHEAD_BYTES);
    }

    private static void seal(ByteBuffer batch) {
        batch.putInt(17, BatchHeader.computeCrc(batch, 0, batch.limit()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
