package io.taffrail.log.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares {@link BatchRewriter} with Kafka's cleaner: both must write the same bytes. */
class BatchRewriterTest {

    private static final long NOW_MS = 5_000_000;
    private static final long RETENTION_MS = 77_000;
    private static final byte[] NOT_TEXT = {'a', (byte) 0xff, (byte) 0xfe, 'b', (byte) 0xc3};

    @ParameterizedTest
    @EnumSource(Codec.class)
    void whatIsLeftIsWhatKafkaWouldLeave(Codec codec) {
        long seed = Long.getLong("taffrail.seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            boolean tombstones = random.nextBoolean();
            ByteBuffer batch = batch(codec, random, tombstones);
            int keptBits = random.nextInt(1 << 8);
            ByteBuffer expected = kafkas(batch, keptBits);

            ByteBuffer actual = ours(batch, keptBits, tombstones);

            assertThat(actual).as("seed %d round %d", seed, round).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void namesOfHeadersNeedNotBeText(Codec codec) {
        ByteBuffer batch = withName(codec, NOT_TEXT);

        ByteBuffer kept = BatchRewriter.keep(batch, _ -> true, BatchRewriter.NO_HORIZON);

        assertThat(records(kept)).isEqualTo(records(batch));
        assertThat(records(kept).getFirst().headers().getFirst().nameBytes())
                .isEqualTo(ByteBuffer.wrap(NOT_TEXT));
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void recordsStayAsTheyAreWhereTheyAreCompressedAnew(Codec to) {
        for (Codec from : Codec.values()) {
            ByteBuffer source = withName(from, NOT_TEXT);
            ByteBuffer batch = ByteBuffer.allocate(source.remaining() + 7).position(7)
                    .put(source).position(7);
            int recordBytes = withName(Codec.NONE, NOT_TEXT).limit() - BatchHeader.SIZE_BYTES;

            ByteBuffer out;
            try (BatchCompressor compressor = new BatchCompressor(batch, recordBytes, to,
                    to == Codec.GZIP ? 9 : 1)) {
                int steps = 1;
                while (compressor.step(1000)) {
                    steps++;
                }
                assertThat(steps).isEqualTo((recordBytes + 999) / 1000);
                out = compressor.finish();
            }

            assertThat(batch.position()).isEqualTo(7);
            assertThat(BatchHeader.compression(out, 0)).isEqualTo(to.id());
            assertThat(new BatchValidator().validate(out, BatchRules.FORMAT))
                    .isInstanceOfSatisfying(BatchCheck.Valid.class, valid -> assertThat(
                            valid.recordBytes()).isEqualTo(recordBytes));
            assertThat(records(out)).isEqualTo(records(batch.slice()));
            assertThat(BatchHeader.producerId(out, 0)).isEqualTo(7);
            assertThat(BatchHeader.baseSequence(out, 0)).isEqualTo(42);
        }
    }

    private static ByteBuffer withName(Codec codec, byte[] name) {
        BatchBuilder builder = new BatchBuilder().codec(codec).producer(7, (short) 3, 42);
        for (int index = 0; index < 20; index++) {
            builder.add(1_000_000 + 10L * index, ByteBuffer.wrap(name), ByteBuffer.allocate(90),
                    List.of(new RecordView.Header(ByteBuffer.wrap(name), ByteBuffer.wrap(name)),
                            new RecordView.Header("text", null)));
        }
        return builder.build();
    }

    private static List<RecordView> records(ByteBuffer batch) {
        List<RecordView> all = new ArrayList<>();
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            records.forEachRemaining(all::add);
        }
        return all;
    }

    private static ByteBuffer batch(Codec codec, Random random, boolean tombstones) {
        BatchBuilder builder = new BatchBuilder().codec(codec);
        if (random.nextBoolean()) {
            builder.producer(9, (short) 2, 41);
            if (random.nextBoolean()) {
                builder.transactional();
            }
        }
        for (int index = 0; index < 8; index++) {
            builder.add(1_000_000 + random.nextInt(100_000),
                    ByteBuffer.wrap(("key" + index).getBytes(UTF_8)),
                    tombstones ? null : ByteBuffer.allocate(random.nextInt(50)),
                    List.of(new RecordView.Header("name", ByteBuffer.allocate(3))));
        }
        ByteBuffer batch = builder.build();
        BatchHeader.stamp(batch, 0, 1_000, 3);
        if (random.nextInt(4) == 0) {
            BatchHeader.stampTime(batch, 0, true, 3_000_000);
        }
        return batch;
    }

    private static ByteBuffer kafkas(ByteBuffer batch, int keptBits) {
        RecordFilter filter = new RecordFilter(NOW_MS, RETENTION_MS) {
            @Override
            protected BatchRetentionResult checkBatchRetention(RecordBatch each) {
                return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
            }

            @Override
            protected boolean shouldRetainRecord(RecordBatch each, Record record) {
                return isKept(record.offset(), keptBits);
            }
        };
        ByteBuffer out = ByteBuffer.allocate(4096);
        return MemoryRecords.readableRecords(batch.duplicate())
                .filterTo(filter, out, BufferSupplier.NO_CACHING, Integer.MAX_VALUE)
                .outputBuffer().flip();
    }

    private static ByteBuffer ours(ByteBuffer batch, int keptBits, boolean tombstones) {
        List<RecordView> kept = new ArrayList<>();
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            records.forEachRemaining(record -> {
                if (isKept(record.offset(), keptBits)) {
                    kept.add(record);
                }
            });
        }
        if (kept.isEmpty()) {
            return BatchRewriter.empty(batch);
        }
        if (kept.size() == 8 && !tombstones) {
            return batch;
        }
        return BatchRewriter.keep(batch, record -> isKept(record.offset(), keptBits),
                tombstones ? NOW_MS + RETENTION_MS : BatchRewriter.NO_HORIZON);
    }

    private static boolean isKept(long offset, int keptBits) {
        return (keptBits >> (offset - 1_000) & 1) != 0;
    }
}
