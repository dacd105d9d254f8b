package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.ReadableLog.ProducerSnapshot;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of transactions and their end markers (KIP-98). */
abstract class TransactionContract extends ContractTest {

    @Test
    void withoutTransactionsEverythingIsStable() {
        WritableLog log = log("a");
        append(log, batch(2));
        append(log, idempotent(1, 0, 0, 2));

        assertThat(log.lastStableOffset()).isEqualTo(4);
    }

    @Test
    void theOldestOpenTransactionBoundsWhatIsStable() {
        WritableLog log = log("a");
        append(log, batch(2));
        append(log, transactional(1, 0, 0, 1));
        append(log, transactional(2, 0, 0, 1));
        append(log, batch(2));
        assertThat(log.lastStableOffset()).isEqualTo(2);

        append(log, endMarker(1, 0, true));
        assertThat(log.lastStableOffset()).isEqualTo(3);

        append(log, endMarker(2, 0, false));
        assertThat(log.lastStableOffset()).isEqualTo(log.durableEnd()).isEqualTo(8);
    }

    @Test
    void whatIsStableIsNotBelowTheStart() {
        WritableLog log = log("a");
        append(log, transactional(1, 0, 0, 2));
        append(log, batch(4));
        owner.run(() -> log.trimTo(3));

        assertThat(log.lastStableOffset()).isEqualTo(log.startOffset()).isEqualTo(3);
        append(log, endMarker(1, 0, true));
        assertThat(log.lastStableOffset()).isEqualTo(log.durableEnd()).isEqualTo(7);
    }

    @Test
    void openTransactionsSurviveReopening() {
        WritableLog log = log("a");
        append(log, batch(2));
        append(log, transactional(1, 0, 0, 1));
        append(log, batch(1));

        reopen();
        WritableLog again = log("a");
        assertThat(again.lastStableOffset()).isEqualTo(2);
        append(again, endMarker(1, 0, true));
        kill();

        assertThat(log("a").lastStableOffset()).isEqualTo(5);
    }

    @Test
    void aTransactionGoesOnWithTheNextSequence() {
        WritableLog log = log("a");
        append(log, transactional(1, 0, 0, 2));
        append(log, endMarker(1, 0, true));

        assertThat(append(log, transactional(1, 0, 2, 1)).baseOffset()).isEqualTo(3);
        assertThat(log.lastStableOffset()).isEqualTo(3);
    }

    @Test
    void whatWasRolledBackIsRememberedAsLongAsItsMarkerIsThere() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        append(log, transactional(1, 0, 0, 2));
        append(log, transactional(2, 0, 0, 1));
        append(log, endMarker(2, 0, true));
        append(log, endMarker(1, 0, false));
        append(log, transactional(1, 0, 2, 1));
        append(log, endMarker(1, 0, false));
        AbortedTransaction first = new AbortedTransaction(1, 0, 4, 5);
        AbortedTransaction second = new AbortedTransaction(1, 5, 6, 7);
        assertThat(log.abortedTransactions(0, 7)).containsExactly(first, second);
        assertThat(log.abortedTransactions(4, 5)).containsExactly(first);
        assertThat(log.abortedTransactions(5, 7)).containsExactly(second);

        kill();
        WritableLog again = log("a", SMALL_SEGMENTS);
        assertThat(again.abortedTransactions(0, 7)).containsExactly(first, second);
        owner.run(() -> again.trimTo(4));
        assertThat(again.abortedTransactions(0, 7)).containsExactly(first, second);
        owner.run(() -> again.trimTo(5));
        assertThat(again.abortedTransactions(0, 7)).containsExactly(second);
    }

    @Test
    void aListThatEndsEarlyIsCompleteBelowItsLastStableOffset() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        append(log, transactional(9, 0, 0, 1));
        for (int i = 0; i < 4; i++) {
            append(log, transactional(1, 0, i, 1));
            append(log, endMarker(1, 0, false));
        }
        append(log, endMarker(9, 0, false));
        append(log, transactional(1, 0, 4, 1));
        append(log, endMarker(1, 0, false));

        assertThat(log.abortedTransactions(0, 12)).hasSize(6).endsWith(
                new AbortedTransaction(9, 0, 9, 10), new AbortedTransaction(1, 10, 11, 12));
        // The last stable offset of the first four is 0: records from there on may be of others.
        assertThat(log.abortedTransactions(0, 12, 2)).hasSize(5)
                .endsWith(new AbortedTransaction(9, 0, 9, 10));
        assertThat(log.abortedTransactions(10, 12, 1))
                .containsExactly(new AbortedTransaction(1, 10, 11, 12));
        assertThat(log.abortedTransactions(3, 12, 1)).extracting(AbortedTransaction::lastOffset)
                .containsExactly(4L, 6L, 8L, 9L);
    }

    @Test
    void aMarkerOfAnOlderProducerEpochIsRefused() {
        WritableLog log = log("a");
        append(log, transactional(1, 3, 0, 1));

        assertRefused(log, endMarker(1, 2, true), Refusal.PRODUCER_FENCED);

        assertThat(log.lastStableOffset()).isZero();
        append(log, endMarker(1, 4, false));
        assertThat(log.lastStableOffset()).isEqualTo(2);
        assertRefused(log, transactional(1, 3, 1, 1), Refusal.PRODUCER_FENCED);
        append(log, transactional(1, 4, 0, 1));
    }

    @Test
    void aMarkerOfAnOlderCoordinatorIsRefused() {
        WritableLog log = log("a");
        append(log, transactional(1, 0, 0, 1));
        append(log, endMarker(1, 0, 5, true));
        append(log, transactional(1, 0, 1, 1));

        assertRefused(log, endMarker(1, 0, 4, false), Refusal.COORDINATOR_FENCED);
        kill();

        WritableLog again = log("a");
        assertRefused(again, endMarker(1, 0, 4, false), Refusal.COORDINATOR_FENCED);
        assertThat(again.lastStableOffset()).isEqualTo(2);
        append(again, endMarker(1, 0, 5, false));
        assertThat(again.lastStableOffset()).isEqualTo(4);
    }

    @Test
    void aMarkerFollowsEarlierOnesOfItsCommit() {
        WritableLog log = log("a");
        append(log, transactional(1, 0, 0, 1));

        CommitResult stale = owner.call(() -> engine.commit(List.of(
                new LogAppend(log, endMarker(1, 0, 5, true)),
                new LogAppend(log, endMarker(1, 0, 4, false)))));

        assertThat(stale).isInstanceOfSatisfying(CommitResult.Refused.class,
                it -> assertThat(it.refusal().reason()).isEqualTo(Refusal.COORDINATOR_FENCED));
        assertThat(log.lastStableOffset()).isZero();
        append(log, endMarker(1, 0, 4, true));
    }

    /**
     * A coordinator writes such batches on behalf of a producer whose sequence it does not know.
     */
    @Test
    void aBatchWithoutASequenceIsNoDuplicateAndNoGap() {
        WritableLog log = log("a");
        append(log, transactional(1, 3, 0, 1));
        append(log, transactional(1, 3, BatchHeader.NO_SEQUENCE, 1));
        append(log, transactional(1, 3, BatchHeader.NO_SEQUENCE, 1));
        append(log, transactional(1, 3, 1, 1));
        append(log, transactional(2, 0, BatchHeader.NO_SEQUENCE, 1));
        append(log, transactional(2, 0, 0, 1));

        assertRefused(log, transactional(1, 2, BatchHeader.NO_SEQUENCE, 1),
                Refusal.PRODUCER_FENCED);
        assertThat(log.nextOffset()).isEqualTo(6);
        append(log, endMarker(1, 3, true));
        assertThat(log.lastStableOffset()).isEqualTo(4);

        kill();
        assertThat(log("a").lastStableOffset()).isEqualTo(4);
    }

    @Test
    void aTornMarkerIsRefused() {
        WritableLog log = log("a");
        append(log, transactional(1, 0, 0, 1));
        ByteBuffer whole = endMarker(1, 0, true);
        ByteBuffer torn = ByteBuffer.allocate(BatchHeader.SIZE_BYTES + 3);
        torn.put(0, whole, 0, torn.limit());
        torn.putInt(8, torn.limit() - BatchHeader.LENGTH_OVERHEAD_BYTES);
        torn.putInt(17, BatchHeader.computeCrc(torn, 0, torn.limit()));

        assertRefused(log, torn, Refusal.CORRUPT_BATCH);

        assertThat(log.lastStableOffset()).isZero();
    }

    @Test
    void aProducerWithAnOpenTransactionIsNotForgotten() {
        WritableLog log = log("a");
        append(log, transactional(1, 0, 0, 2));
        clock.advance(OPTIONS.producerExpiry().plus(Duration.ofHours(1)));
        owner.run(() -> log.maintain(clock.millis()));

        assertThat(log.producers()).extracting(ProducerSnapshot::currentTransactionStartOffset)
                .containsExactly(0L);
    }
}
