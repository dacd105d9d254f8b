package io.taffrail.log.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchFormatTest {

    private static final SimpleRecord[] RECORDS = {
        new SimpleRecord(1_000, bytes("key"), bytes("value")),
        new SimpleRecord(900, null, bytes("no key")),
        new SimpleRecord(5_000_000_000L, bytes("tombstone"), null),
        new SimpleRecord(1_001, bytes("k"), bytes("x".repeat(70_000)), new Header[]{
            new RecordHeader("name", bytes("of header")), new RecordHeader("none", null),
            new RecordHeader("", new byte[0])})};

    @ParameterizedTest
    @EnumSource(Codec.class)
    void readsWhatKafkaWrites(Codec codec) {
        ByteBuffer batch = MemoryRecords.withRecords(7, kafka(codec), RECORDS).buffer();

        List<RecordView> read = read(batch);

        assertThat(read).extracting(RecordView::offset).containsExactly(7L, 8L, 9L, 10L);
        for (int index = 0; index < RECORDS.length; index++) {
            assertThat(read.get(index).timestampMs()).isEqualTo(RECORDS[index].timestamp());
            assertThat(read.get(index).key()).isEqualTo(RECORDS[index].key());
            assertThat(read.get(index).value()).isEqualTo(RECORDS[index].value());
        }
        assertThat(read.get(2).isTombstone()).isTrue();
        assertThat(read.get(3).headers()).containsExactly(
                new RecordView.Header("name", ByteBuffer.wrap(bytes("of header"))),
                new RecordView.Header("none", null),
                new RecordView.Header("", ByteBuffer.allocate(0)));
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void validatesWhatKafkaWrites(Codec codec) {
        ByteBuffer batch = MemoryRecords.withRecords(0, kafka(codec), RECORDS).buffer();
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 10).position(10)
                .put(batch.duplicate()).position(10);

        try (BatchValidator validator = new BatchValidator()) {
            for (ByteBuffer each : List.of(batch, direct, batch.asReadOnlyBuffer())) {
                assertThat(validator.validate(each, BatchRules.FORMAT))
                        .isInstanceOfSatisfying(BatchCheck.Valid.class, valid -> {
                            assertThat(valid.maxTimestampMs()).isEqualTo(5_000_000_000L);
                            assertThat(valid.maxTimestampDelta()).isEqualTo(2);
                            assertThat(valid.recordCount()).isEqualTo(4);
                        });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void kafkaReadsWhatIsBuilt(Codec codec) {
        BatchBuilder builder = new BatchBuilder().codec(codec).producer(42, (short) 3, 17);
        for (SimpleRecord each : RECORDS) {
            builder.add(each.timestamp(), each.key(), each.value(), headers(each));
        }

        MutableRecordBatch batch = MemoryRecords.readableRecords(builder.build()).batches()
                .iterator().next();

        batch.ensureValid();
        assertThat(batch.compressionType().id).isEqualTo((byte) codec.id());
        assertThat(batch.producerId()).isEqualTo(42);
        assertThat(batch.baseSequence()).isEqualTo(17);
        assertThat(batch.lastSequence()).isEqualTo(20);
        assertThat(batch.maxTimestamp()).isEqualTo(5_000_000_000L);
        List<SimpleRecord> read = new ArrayList<>();
        for (Record record : batch) {
            read.add(new SimpleRecord(record));
        }
        assertThat(read).containsExactly(RECORDS);
    }

    @Test
    void endMarkersAreThoseOfKafka() {
        ByteBuffer abort = BatchBuilder.endMarker(5, (short) 2, false, 9, 1_234);
        ByteBuffer kafkas = MemoryRecords.withEndTransactionMarker(0, 1_234, -1, 5, (short) 2,
                new org.apache.kafka.common.record.internal.EndTransactionMarker(
                        org.apache.kafka.common.record.internal.ControlRecordType.ABORT, 9))
                .buffer();

        assertThat(abort).isEqualTo(kafkas);
    }

    @Test
    void recordsOfALogAppendTimeBatchHaveTheBatchsTime() {
        ByteBuffer batch = MemoryRecords.withRecords(0, Compression.NONE, RECORDS).buffer();
        BatchHeader.stampTime(batch, 0, true, 77);

        assertThat(read(batch)).extracting(RecordView::timestampMs).containsOnly(77L);
    }

    @Test
    void aCutBatchIsMalformedNotEndless() {
        ByteBuffer batch = MemoryRecords.withRecords(0, kafka(Codec.GZIP), RECORDS).buffer();
        batch.putInt(57, 1_000);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> read(batch))
                .isInstanceOf(MalformedBatchException.class);
    }

    private static List<RecordView> read(ByteBuffer batch) {
        List<RecordView> read = new ArrayList<>();
        try (RecordWalker walker = new RecordWalker(batch, batch.position())) {
            walker.forEachRemaining(read::add);
        }
        return read;
    }

    private static List<RecordView.Header> headers(SimpleRecord record) {
        List<RecordView.Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new RecordView.Header(header.key(), wrap(header.value())));
        }
        return headers;
    }

    private static @Nullable ByteBuffer wrap(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static Compression kafka(Codec codec) {
        return Compression.of(CompressionType.forId(codec.id())).build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
