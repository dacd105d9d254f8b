package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.ReadableLog.EpochEnd;
import io.taffrail.log.spi.WritableLog;
import org.junit.jupiter.api.Test;

abstract class EpochContract extends ContractTest {

    @Test
    void theLeaderEpochIsTheLeases() {
        WritableLog log = log("a", OPTIONS, new Lease("x", 7));
        append(log, batch(1));

        assertThat(log.leaderEpoch()).isEqualTo(7);
        assertThat(BatchHeader.leaderEpoch(LogReader.batches(log, 0).getFirst(), 0)).isEqualTo(7);
    }

    @Test
    void aNewerLeaseFencesTheOlderWriter() {
        WritableLog old = log("a", OPTIONS, new Lease("x", 1));
        append(old, batch(2));

        WritableLog now = log("a", OPTIONS, new Lease("x", 2));

        assertRefused(old, batch(1), Refusal.WRITER_FENCED);
        assertThat(now.durableEnd()).isEqualTo(2);
        assertThat(append(now, batch(1)).baseOffset()).isEqualTo(2);
    }

    @Test
    void anOlderLeaseIsRefused() {
        WritableLog log = log("a", OPTIONS, new Lease("x", 5));
        append(log, batch(1));

        assertThatThrownBy(() -> log("a", OPTIONS, new Lease("x", 4)))
                .isInstanceOf(LogFailedException.class);
        append(log, batch(1));
    }

    @Test
    void anOlderLeaseThanAnyStoredIsRefusedAfterReopening() {
        append(log("a", OPTIONS, new Lease("x", 5)), batch(1));

        reopen();

        assertThatThrownBy(() -> log("a", OPTIONS, new Lease("x", 4)))
                .isInstanceOf(LogFailedException.class);
    }

    @Test
    void epochsEndWhereTheNextBegins() {
        append(log("a", OPTIONS, new Lease("x", 1)), batch(3));
        append(log("a", OPTIONS, new Lease("x", 2)), batch(4));
        reopen();
        WritableLog log = log("a", OPTIONS, new Lease("x", 5));
        append(log, batch(5));
        append(log, batch(5));

        assertThat(log.endOffsetForEpoch(1)).contains(new EpochEnd(1, 3));
        assertThat(log.endOffsetForEpoch(2)).contains(new EpochEnd(2, 7));
        assertThat(log.endOffsetForEpoch(3)).contains(new EpochEnd(2, 7));
        assertThat(log.endOffsetForEpoch(4)).contains(new EpochEnd(2, 7));
        assertThat(log.endOffsetForEpoch(5)).contains(new EpochEnd(5, 17));
    }

    @Test
    void anEpochOlderThanTheLogEndsWhereTheLogBegins() {
        append(log("a", OPTIONS, new Lease("x", 4)), batch(3));
        WritableLog log = log("a", OPTIONS, new Lease("x", 6));
        append(log, batch(2));
        owner.run(() -> log.trimTo(4));

        assertThat(log.endOffsetForEpoch(5)).contains(new EpochEnd(5, 4));
        assertThat(log.endOffsetForEpoch(6)).contains(new EpochEnd(6, 5));
    }

    @Test
    void anEpochNewerThanAnyHasNoEnd() {
        WritableLog log = log("a", OPTIONS, new Lease("x", 4));
        append(log, batch(3));

        assertThat(log.endOffsetForEpoch(9)).isEmpty();
    }
}
