package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

abstract class ReadContract extends ContractTest {

    @Test
    void anEmptyLogIsReadableAtZeroOnly() {
        WritableLog log = log("a");

        assertThat(log.startOffset()).isZero();
        assertThat(log.durableEnd()).isZero();
        assertThat(log.nextOffset()).isZero();
        assertThat(log.sizeBytes()).isZero();
        assertThat(LogReader.read(log, 0, Long.MAX_VALUE, 1000, true).remaining()).isZero();
        assertThat(log.read(1, Long.MAX_VALUE, 1000, true))
                .isEqualTo(new ReadResult.OutOfRange(0, 0));
    }

    @Test
    void offsetsOutsideTheLogAreOutOfRange() {
        WritableLog log = log("a");
        fill(log, 5, 2);
        owner.run(() -> log.trimTo(4));

        for (long offset : new long[]{Long.MIN_VALUE, -1, 0, 3, 11, Long.MAX_VALUE}) {
            assertThat(log.read(offset, Long.MAX_VALUE, 1000, true)).as("offset %d", offset)
                    .isEqualTo(new ReadResult.OutOfRange(4, 10));
        }
        assertThat(LogReader.read(log, 10, Long.MAX_VALUE, 1000, true).remaining()).isZero();
        assertThat(LogReader.read(log, 4, Long.MAX_VALUE, 1000, true).remaining()).isPositive();
    }

    @Test
    void readsFromEveryOffsetAlsoInsideABatch() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        for (int records = 1; records <= 12; records++) {
            append(log, batch(records));
        }
        assertThat(log.segmentCount()).isGreaterThan(2);
        for (long offset = 0; offset < log.durableEnd(); offset++) {
            ByteBuffer first = LogReader
                    .batches(LogReader.read(log, offset, Long.MAX_VALUE, 10_000, true)).getFirst();
            assertThat(BatchHeader.baseOffset(first, 0)).isLessThanOrEqualTo(offset);
            assertThat(BatchHeader.lastOffset(first, 0)).isGreaterThanOrEqualTo(offset);
            assertThat(LogReader.offsets(log, offset))
                    .isEqualTo(LongRange.of(offset, log.durableEnd()));
        }
    }

    @Test
    void maxBytesIsKeptExceptForTheFirstBatch() {
        WritableLog log = log("a");
        fill(log, 20, 3);
        int size = LogReader.batches(log, 0).getFirst().limit();

        for (int maxBytes : new int[]{0, 1, size - 1, size, size + 1, 3 * size, 7 * size + 5}) {
            ByteBuffer strict = LogReader.read(log, 0, Long.MAX_VALUE, maxBytes, false);
            assertThat(strict.remaining()).isLessThanOrEqualTo(maxBytes);
            assertThat(LogReader.batches(strict)).hasSize(maxBytes / size);
            assertThat(strict.hasRemaining()).as("nothing if the first does not fit")
                    .isEqualTo(maxBytes >= size);
            ByteBuffer lenient = LogReader.read(log, 0, Long.MAX_VALUE, maxBytes, true);
            assertThat(lenient.remaining()).isLessThanOrEqualTo(Math.max(maxBytes, size));
            assertThat(LogReader.batches(lenient)).hasSize(Math.max(1, maxBytes / size));
        }
    }

    @Test
    void nothingAtOrAfterTheUpperBoundIsRead() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 20, 3);
        for (long upTo = 0; upTo <= 60; upTo += 3) {
            for (long from = 0; from <= upTo; from++) {
                ByteBuffer bytes = LogReader.read(log, from, upTo, 3000, true);
                List<ByteBuffer> batches = LogReader.batches(bytes);
                assertThat(batches.isEmpty()).isEqualTo(from >= upTo);
                int whole = batches.stream().mapToInt(ByteBuffer::limit).sum();
                if (!batches.isEmpty()) {
                    long next = BatchHeader.lastOffset(batches.getLast(), 0) + 1;
                    assertThat(next).isLessThanOrEqualTo(upTo);
                    assertThat(next < upTo || whole == bytes.limit())
                            .as("a part of a batch after offset %d", upTo).isTrue();
                }
            }
        }
    }

    @Test
    void readersOfOtherThreadsSeeOnlyWholeDurableBatchesInOrder() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        int batches = 2_000;
        CompletableFuture<List<Long>> reader = CompletableFuture.supplyAsync(() -> {
            List<Long> seen = new ArrayList<>();
            while (seen.size() < batches * 2) {
                long end = log.durableEnd();
                List<Long> more = LogReader.offsets(log, seen.size());
                assertThat(more.size()).isGreaterThanOrEqualTo((int) end - seen.size());
                seen.addAll(more);
                assertThat((long) seen.size()).isLessThanOrEqualTo(log.durableEnd());
            }
            return seen;
        });

        fill(log, batches, 2);

        assertThat(OwnerThread.await(reader)).isEqualTo(LongRange.of(0, batches * 2L));
    }

    @Test
    void aSliceStaysReadableAfterTrimRetentionAndDeletion() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 20, 3);
        LogSlice slice = ((ReadResult.Batches) log.read(0, Long.MAX_VALUE, 100_000, true)).slice();
        ByteBuffer before = LogReader.copy(slice);
        assertThat(before.remaining()).isPositive();

        owner.run(() -> log.trimTo(60));
        assertThat(LogReader.copy(slice)).isEqualTo(before);
        forget(log);
        OwnerThread.await(engine.delete(log.id()));
        WritableLog other = log("b", SMALL_SEGMENTS);
        fill(other, 20, 3);

        assertThat(LogReader.take(slice)).isEqualTo(before);
    }

    @Test
    void aDeletedLogIsUnreadable() {
        WritableLog log = log("a");
        fill(log, 2, 2);
        forget(log);
        OwnerThread.await(engine.delete(log.id()));

        assertThat(log.read(0, Long.MAX_VALUE, 1000, true))
                .isInstanceOf(ReadResult.Unreadable.class);
    }

    @Test
    void sizeIsThatOfTheBatches() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 20, 3);

        assertThat(log.sizeBytes()).isEqualTo(
                LogReader.batches(log, 0).stream().mapToLong(ByteBuffer::limit).sum());
    }

    @Test
    void readsBatchesLargerThanTheFetch() {
        WritableLog log = log("a");
        AppendResult.Stored stored = append(log, batch(9_000));

        assertThat(LogReader.batches(LogReader.read(log, 5, Long.MAX_VALUE, 100, true)))
                .hasSize(1);
        assertThat(LogReader.records(log, 0)).hasSize((int) stored.lastOffset() + 1);
    }
}
