package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class AppendContract extends ContractTest {

    @Test
    void offsetsFollowTheOrderOfCalls() {
        WritableLog log = log("a");
        long expected = 0;
        for (int records = 1; records <= 20; records++) {
            AppendResult.Stored stored = begin(log, batch(records));
            assertThat(stored.baseOffset()).isEqualTo(expected);
            assertThat(stored.lastOffset()).isEqualTo(expected + records - 1);
            expected += records;
            assertThat(log.nextOffset()).isEqualTo(expected);
        }
    }

    @Test
    void stampsOffsetAndEpochAndKeepsTheChecksum() {
        WritableLog log = log("a");
        append(log, batch(3));
        ByteBuffer batch = batch(2);
        int crc = BatchHeader.crc(batch, 0);

        append(log, batch);

        assertThat(BatchHeader.baseOffset(batch, 0)).isEqualTo(3);
        assertThat(BatchHeader.leaderEpoch(batch, 0)).isEqualTo(log.leaderEpoch());
        ByteBuffer stored = LogReader.batches(log, 3).getFirst();
        assertThat(stored).isEqualTo(batch);
        assertThat(BatchHeader.crc(stored, 0)).isEqualTo(crc);
        assertThat(BatchHeader.isWhole(stored, 0, stored.limit())).isTrue();
    }

    @Test
    void durableCompletesInOffsetOrderOnTheOwnersThread() {
        WritableLog log = log("a");
        List<Long> completed = new ArrayList<>();
        List<Boolean> onOwner = new ArrayList<>();
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (int index = 0; index < 200; index++) {
            durable.add(owner.call(() -> {
                AppendResult.Stored stored = (AppendResult.Stored) log.append(batch(1));
                return stored.durable().thenRun(() -> {
                    completed.add(stored.baseOffset());
                    onOwner.add(owner.isCurrent());
                });
            }));
        }
        durable.forEach(OwnerThread::await);

        assertThat(completed).isEqualTo(LongRange.of(0, 200));
        assertThat(onOwner).containsOnly(true);
    }

    @Test
    void whatIsDurableIsReadable() {
        WritableLog log = log("a");
        long end = owner.call(() -> ((AppendResult.Stored) log.append(batch(4))).durable()
                .thenApply(nothing -> log.durableEnd())).join();

        assertThat(end).isEqualTo(4);
        assertThat(LogReader.offsets(log, 0)).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void theBufferIsTheCallersAgain() {
        WritableLog log = log("a");
        ByteBuffer batch = batch(5);
        ByteBuffer copy = ByteBuffer.allocate(batch.limit());
        AppendResult.Stored stored = owner.call(() -> {
            AppendResult.Stored result = (AppendResult.Stored) log.append(batch);
            copy.put(batch.duplicate()).flip();
            batch.put(0, new byte[batch.limit()]);
            return result;
        });
        OwnerThread.await(stored.durable());

        assertThat(LogReader.batches(log, 0)).containsExactly(copy);
    }

    @Test
    void takesHeapAndDirectBuffersAtAnyPosition() {
        WritableLog log = log("a");
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(4096),
                ByteBuffer.allocateDirect(4096))) {
            ByteBuffer batch = batch(2);
            buffer.position(33).put(batch).limit(buffer.position()).position(33);

            append(log, buffer);
        }
        assertThat(LogReader.offsets(log, 0)).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void refusesABatchThatIsNotWholeAndGoesOn() {
        WritableLog log = log("a");
        append(log, batch(1));

        assertRefused(log, changed(batch(1), 16), Refusal.CORRUPT_BATCH);
        assertRefused(log, changed(batch(1), 11), Refusal.CORRUPT_BATCH);
        ByteBuffer cut = batch(1);
        assertRefused(log, cut.limit(cut.limit() - 1), Refusal.CORRUPT_BATCH);
        assertRefused(log, batch(1).limit(30), Refusal.CORRUPT_BATCH);
        assertRefused(log, ByteBuffer.allocate(500).put(batch(1)).rewind(), Refusal.CORRUPT_BATCH);
        assertRefused(log, ByteBuffer.allocate(0), Refusal.CORRUPT_BATCH);

        assertThat(append(log, batch(1)).baseOffset()).isEqualTo(1);
    }

    private static ByteBuffer changed(ByteBuffer batch, int at) {
        return batch.put(at, (byte) (batch.get(at) + 1));
    }

    @Test
    void listenersLearnTheDurableEndOnTheOwnersThread() {
        WritableLog log = log("a");
        List<Long> ends = new ArrayList<>();
        List<Boolean> onOwner = new ArrayList<>();
        Registration registration = owner.call(() -> log.onDurableEnd(end -> {
            ends.add(end);
            onOwner.add(owner.isCurrent());
        }));
        IntStream.range(0, 50).mapToObj(index -> begin(log, batch(2))).toList()
                .forEach(each -> OwnerThread.await(each.durable()));
        owner.run(() -> {
            assertThat(ends).isSorted().doesNotHaveDuplicates().last().isEqualTo(100L);
            assertThat(onOwner).containsOnly(true);
            registration.close();
            registration.close();
        });

        append(log, batch(1));

        owner.run(() -> assertThat(ends).last().isEqualTo(100L));
    }

    @Test
    void bytesAreUnforcedNoLongerOnceDurable() {
        WritableLog log = log("a");
        assertThat(engine.unforcedBytes()).isZero();
        long unforced = owner.call(() -> ((AppendResult.Stored) log.append(batch(3))).durable()
                .thenApply(nothing -> engine.unforcedBytes())).join();

        assertThat(unforced).isZero();
    }

    @Test
    void aClosedLogRefusesAndWhatItTookIsDurable() {
        WritableLog log = log("a");
        AppendResult.Stored last = begin(log, batch(1));
        owner.run(log::close);

        OwnerThread.await(last.durable());
        assertRefused(log, batch(1), Refusal.CLOSED);
        forget(log);
        assertThat(LogReader.offsets(log("a"), 0)).containsExactly(0L);
    }

    @Test
    void everythingDurableSurvivesAKill() {
        WritableLog log = log("a");
        fill(log, 50, 3);
        List<ByteBuffer> before = LogReader.batches(log, 0);

        kill();

        WritableLog again = log("a");
        assertThat(again.startOffset()).isZero();
        assertThat(again.durableEnd()).isEqualTo(150);
        assertThat(LogReader.batches(again, 0)).isEqualTo(before);
        assertThat(append(again, batch(1)).baseOffset()).isEqualTo(150);
    }
}
