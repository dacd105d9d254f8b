package io.taffrail.log.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryLogEngineTest {

    private final MemoryLogEngine engine = new MemoryLogEngine(new ManualClock());
    private final WritableLog log = open(engine, 1);

    private static WritableLog open(MemoryLogEngine engine, int epoch) {
        return engine.openForWrite(new LogId("a"), new Lease("a", epoch), LogOptions.defaults(),
                Owner.direct()).join();
    }

    private static ByteBuffer batch() {
        return new BatchBuilder().add(1, null, "value".getBytes(UTF_8)).build();
    }

    private static ByteBuffer sequenced(int epoch, int sequence) {
        return new BatchBuilder().producer(7, (short) epoch, sequence)
                .add(1, null, "value".getBytes(UTF_8)).build();
    }

    private static AppendResult.Stored stored(AppendResult result) {
        return (AppendResult.Stored) result;
    }

    @Test
    void whatIsHeldIsNotReadableUntilReleased() {
        List<Long> ends = new ArrayList<>();
        log.onDurableEnd(ends::add);
        engine.holdDurability();
        AppendResult.Stored first = stored(log.append(batch()));
        AppendResult.Stored second = stored(log.append(batch()));

        assertThat(first.durable()).isNotDone();
        assertThat(log.nextOffset()).isEqualTo(2);
        assertThat(log.durableEnd()).isZero();
        assertThat(LogReader.offsets(log, 0)).isEmpty();
        assertThat(engine.unforcedBytes()).isPositive();

        engine.releaseDurability();

        assertThat(first.durable()).isCompleted();
        assertThat(second.durable()).isCompleted();
        assertThat(ends).containsExactly(2L);
        assertThat(LogReader.offsets(log, 0)).containsExactly(0L, 1L);
        assertThat(engine.unforcedBytes()).isZero();
    }

    @Test
    void whatFollowsAProducersFirstBatchDoesNotGetInBeforeIt() {
        engine.failNextAppend(Refusal.OVERLOADED);
        assertThat(log.append(sequenced(0, 0))).isInstanceOf(AppendResult.Refused.class);

        assertThat(log.append(sequenced(0, 1))).isInstanceOfSatisfying(AppendResult.Refused.class,
                refused -> assertThat(refused.reason()).isEqualTo(Refusal.OUT_OF_ORDER_SEQUENCE));
        assertThat(stored(log.append(sequenced(0, 0))).baseOffset()).isZero();
        assertThat(stored(log.append(sequenced(0, 1))).baseOffset()).isEqualTo(1);
    }

    @Test
    void whoGivesUpItsFirstBatchBeginsWithANewEpoch() {
        engine.failNextAppend(Refusal.OVERLOADED);
        assertThat(log.append(sequenced(0, 0))).isInstanceOf(AppendResult.Refused.class);

        assertThat(stored(log.append(sequenced(1, 0))).baseOffset()).isZero();
    }

    @Test
    void aRestartLosesWhatWasHeld() {
        assertThat(stored(log.append(batch())).durable()).isCompleted();
        engine.holdDurability();
        AppendResult.Stored lost = stored(log.append(batch()));

        WritableLog again = open(engine.restart(), 2);

        assertThat(again.nextOffset()).isEqualTo(1);
        assertThat(LogReader.offsets(again, 0)).containsExactly(0L);
        assertThat(lost.durable()).isNotDone();
        assertThat(log.append(batch())).isInstanceOfSatisfying(AppendResult.Refused.class,
                refused -> assertThat(refused.reason()).isEqualTo(Refusal.CLOSED));
    }

    @Test
    void closingForcesWhatWasHeld() {
        engine.holdDurability();
        AppendResult.Stored held = stored(log.append(batch()));

        engine.close();

        assertThat(held.durable()).isCompleted();
        assertThat(open(engine.restart(), 2).durableEnd()).isEqualTo(1);
    }

    @Test
    void oneAppendFailsOnRequest() {
        engine.failNextAppend(Refusal.DISK_FULL);

        assertThat(log.append(batch())).isInstanceOfSatisfying(AppendResult.Refused.class,
                refused -> assertThat(refused.reason()).isEqualTo(Refusal.DISK_FULL));
        assertThat(stored(log.append(batch())).baseOffset()).isZero();
    }

    @Test
    void afterAFailedDiskTheHandleIsDeadAndTheLogCanBeReopened() {
        engine.failNextAppend(Refusal.STORAGE_FAILED);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(log.append(batch())).isInstanceOfSatisfying(AppendResult.Refused.class,
                    refused -> assertThat(refused.reason()).isEqualTo(Refusal.STORAGE_FAILED));
        }
        assertThat(stored(open(engine, 2).append(batch())).baseOffset()).isZero();
    }

    @Test
    void aReadMeetsDamageAndGoesOnBehindIt() {
        for (int i = 0; i < 6; i++) {
            assertThat(log.append(batch())).isInstanceOf(AppendResult.Stored.class);
        }
        engine.damage(new LogId("a"), 2, 4);

        assertThat(LogReader.batches(LogReader.read(log, 0, Long.MAX_VALUE, 1 << 20, true)))
                .hasSize(2);
        assertThat(log.read(3, Long.MAX_VALUE, 1 << 20, true)).isInstanceOfSatisfying(
                ReadResult.Damaged.class, it -> assertThat(it.nextOffset()).isEqualTo(4));
        assertThat(LogReader.batches(LogReader.read(log, 4, Long.MAX_VALUE, 1 << 20, true)))
                .hasSize(2);
    }
}
