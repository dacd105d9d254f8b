package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.Refusal;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.WritableLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The contract of quarantine: a log whose own code has failed refuses appends until it is reopened;
 * other logs are unaffected.
 */
abstract class QuarantineContract extends ContractTest {

    private static final LogId A = new LogId("a");

    private void quarantine(WritableLog log) {
        engines().quarantine(engine, log.id());
    }

    @Test
    void takesNoAppendsAndCanBeRead() {
        WritableLog log = log("a");
        WritableLog other = log("b");
        append(log, batch(3));
        assertThat(engine.quarantined()).isEmpty();

        quarantine(log);

        assertThat(engine.quarantined()).containsOnlyKeys(A);
        assertThat(engine.quarantined().get(A)).isNotBlank();
        assertRefused(log, batch(1), Refusal.STORAGE_FAILED);
        assertThat(LogReader.offsets(log, 0)).containsExactly(0L, 1L, 2L);
        assertThat(append(other, batch(1)).baseOffset()).isZero();
    }

    @Test
    void whatWasOnItsWayBecomesDurable() {
        WritableLog log = log("a");
        AppendResult.Stored before = begin(log, batch(2));

        quarantine(log);

        OwnerThread.await(before.durable());
        assertThat(LogReader.offsets(log, 0)).containsExactly(0L, 1L);
    }

    @Test
    void opensAgainUnderANewLeaseWithItsProducers() {
        WritableLog log = log("a");
        append(log, idempotent(7, 0, 0, 2));
        begin(log, idempotent(7, 0, 2, 3));
        quarantine(log);
        forget(log);

        WritableLog again = log("a");

        assertThat(engine.quarantined()).isEmpty();
        assertThat(again.nextOffset()).isEqualTo(5);
        assertThat(appendDuplicate(again, idempotent(7, 0, 2, 3)).baseOffset()).isEqualTo(2);
        assertThat(append(again, idempotent(7, 0, 5, 1)).baseOffset()).isEqualTo(5);
        assertThat(LogReader.offsets(again, 0)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void keepsEverythingOverARestartWithoutBeingReopened() {
        WritableLog log = log("a");
        append(log, idempotent(7, 0, 0, 2));
        quarantine(log);

        kill();

        WritableLog again = log("a");
        assertThat(LogReader.offsets(again, 0)).containsExactly(0L, 1L);
        assertThat(append(again, idempotent(7, 0, 2, 1)).baseOffset()).isEqualTo(2);
    }

    @Test
    void refusesACommitAsAWhole() {
        WritableLog log = log("a");
        WritableLog other = log("b");
        quarantine(log);

        CommitResult result = owner.call(() -> engine.commit(
                List.of(new LogAppend(other, batch(1)), new LogAppend(log, batch(1)))));

        assertThat(result).isInstanceOfSatisfying(CommitResult.Refused.class, refused -> {
            assertThat(refused.index()).isEqualTo(1);
            assertThat(refused.refusal().reason()).isEqualTo(Refusal.STORAGE_FAILED);
        });
        assertThat(other.nextOffset()).isZero();
        assertThat(append(other, batch(1)).baseOffset()).isZero();
    }

    @Test
    void isForgottenWithItsLog() {
        WritableLog log = log("a");
        append(log, batch(1));
        quarantine(log);
        forget(log);

        OwnerThread.await(engine.delete(A));

        assertThat(engine.quarantined()).isEmpty();
        assertThat(engine.logs()).doesNotContain(A);
    }
}
