package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.spi.ReadableLog.ProducerSnapshot;
import io.taffrail.log.spi.WritableLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The contract of idempotent producers (KIP-98, KIP-360), with the rules of Kafka 4. */
abstract class ProducerContract extends ContractTest {

    private static final long ID = 4711;

    @Test
    void aDuplicateIsAnsweredWithTheOffsetsOfTheFirst() {
        WritableLog log = log("a");
        append(log, batch(2));
        append(log, idempotent(ID, 0, 0, 3));
        append(log, idempotent(ID, 0, 3, 2));

        AppendResult.Duplicate duplicate = appendDuplicate(log, idempotent(ID, 0, 0, 3));

        assertThat(duplicate.baseOffset()).isEqualTo(2);
        assertThat(duplicate.lastOffset()).isEqualTo(4);
        assertThat(duplicate.timestampMs()).isEqualTo(clock.millis());
        assertThat(log.durableEnd()).isEqualTo(7);
    }

    @Test
    void aDuplicateOfWhatIsNotYetDurableWaitsForIt() {
        WritableLog log = log("a");
        AppendResult.Stored first = begin(log, idempotent(ID, 0, 0, 1));
        AppendResult.Duplicate again = appendDuplicate(log, idempotent(ID, 0, 0, 1));

        assertThat(again.baseOffset()).isEqualTo(first.baseOffset());
        assertThat(log.durableEnd()).isEqualTo(1);
    }

    @Test
    void theLastFiveBatchesAreRemembered() {
        WritableLog log = log("a");
        for (int sequence = 0; sequence < 8; sequence++) {
            append(log, idempotent(ID, 0, sequence, 1));
        }
        for (int sequence = 3; sequence < 8; sequence++) {
            assertThat(appendDuplicate(log, idempotent(ID, 0, sequence, 1)).baseOffset())
                    .isEqualTo(sequence);
        }
        assertRefused(log, idempotent(ID, 0, 2, 1), Refusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void partOfABatchIsNoDuplicate() {
        WritableLog log = log("a");
        append(log, idempotent(ID, 0, 0, 4));

        assertRefused(log, idempotent(ID, 0, 0, 3), Refusal.OUT_OF_ORDER_SEQUENCE);
        assertRefused(log, idempotent(ID, 0, 1, 3), Refusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void aGapIsRefusedAndTheSequenceGoesOn() {
        WritableLog log = log("a");
        append(log, idempotent(ID, 0, 0, 2));

        assertRefused(log, idempotent(ID, 0, 3, 1), Refusal.OUT_OF_ORDER_SEQUENCE);
        assertThat(append(log, idempotent(ID, 0, 2, 1)).baseOffset()).isEqualTo(2);
    }

    @Test
    void anOlderEpochIsFenced() {
        WritableLog log = log("a");
        append(log, idempotent(ID, 3, 0, 1));

        assertRefused(log, idempotent(ID, 2, 1, 1), Refusal.PRODUCER_FENCED);
        assertRefused(log, idempotent(ID, 2, 0, 1), Refusal.PRODUCER_FENCED);
    }

    @Test
    void aNewEpochBeginsWithZero() {
        WritableLog log = log("a");
        append(log, idempotent(ID, 3, 0, 5));

        assertRefused(log, idempotent(ID, 4, 5, 1), Refusal.OUT_OF_ORDER_SEQUENCE);
        append(log, idempotent(ID, 4, 0, 1));
        append(log, idempotent(ID, 4, 1, 1));
        assertRefused(log, idempotent(ID, 3, 5, 1), Refusal.PRODUCER_FENCED);
    }

    @Test
    void anUnknownProducerMayBeginAnywhere() {
        WritableLog log = log("a");

        append(log, idempotent(ID, 0, 1_234, 2));
        append(log, idempotent(ID, 0, 1_236, 1));
        assertRefused(log, idempotent(ID, 0, 1_238, 1), Refusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void sequencesWrapToZero() {
        WritableLog log = log("a");
        append(log, idempotent(ID, 0, Integer.MAX_VALUE - 1, 4));

        assertRefused(log, idempotent(ID, 0, 0, 1), Refusal.OUT_OF_ORDER_SEQUENCE);
        append(log, idempotent(ID, 0, 2, 1));
        assertThat(appendDuplicate(log, idempotent(ID, 0, Integer.MAX_VALUE - 1, 4)).baseOffset())
                .isZero();

        append(log, idempotent(ID + 1, 0, Integer.MAX_VALUE, 1));
        append(log, idempotent(ID + 1, 0, 0, 1));
    }

    @Test
    void producersDoNotDisturbOneAnother() {
        WritableLog log = log("a");
        WritableLog other = log("b");
        append(log, idempotent(ID, 0, 0, 1));
        append(log, idempotent(ID + 1, 5, 0, 1));
        append(other, idempotent(ID, 0, 0, 1));

        append(log, idempotent(ID, 0, 1, 1));
        append(log, idempotent(ID + 1, 5, 1, 1));
        append(other, idempotent(ID, 0, 1, 1));
    }

    @Test
    void whatIsKnownOfProducersSurvivesReopening() {
        WritableLog log = log("a");
        for (int sequence = 0; sequence < 7; sequence++) {
            append(log, idempotent(ID, 2, sequence, 1));
        }

        reopen();
        WritableLog again = log("a");

        assertRefused(again, idempotent(ID, 1, 0, 1), Refusal.PRODUCER_FENCED);
        assertRefused(again, idempotent(ID, 2, 9, 1), Refusal.OUT_OF_ORDER_SEQUENCE);
        for (int sequence = 2; sequence < 7; sequence++) {
            assertThat(appendDuplicate(again, idempotent(ID, 2, sequence, 1)).baseOffset())
                    .isEqualTo(sequence);
        }
        append(again, idempotent(ID, 2, 7, 1));
    }

    @Test
    void whatIsKnownOfProducersSurvivesAKill() {
        WritableLog log = log("a");
        append(log, idempotent(ID, 2, 0, 4));

        kill();

        WritableLog again = log("a");
        assertThat(appendDuplicate(again, idempotent(ID, 2, 0, 4)).lastOffset()).isEqualTo(3);
        append(again, idempotent(ID, 2, 4, 1));
    }

    @Test
    void whatIsKnownOfProducersSurvivesTheirBatches() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        append(log, idempotent(ID, 2, 0, 3));
        fill(log, 30, 3);
        owner.run(() -> log.trimTo(log.durableEnd()));

        assertThat(appendDuplicate(log, idempotent(ID, 2, 0, 3)).baseOffset()).isZero();
        reopen();
        WritableLog again = log("a", SMALL_SEGMENTS);

        assertThat(appendDuplicate(again, idempotent(ID, 2, 0, 3)).baseOffset()).isZero();
        append(again, idempotent(ID, 2, 3, 1));
    }

    @Test
    void idleProducersAreForgotten() {
        LogOptions options = OPTIONS;
        WritableLog log = log("a", options);
        append(log, idempotent(ID, 2, 0, 1));
        clock.advance(options.producerExpiry().minus(Duration.ofMinutes(1)));
        owner.run(() -> log.maintain(clock.millis()));
        assertRefused(log, idempotent(ID, 2, 5, 1), Refusal.OUT_OF_ORDER_SEQUENCE);
        clock.advance(Duration.ofMinutes(2));
        owner.run(() -> log.maintain(clock.millis()));

        assertThat(log.producers()).isEmpty();
        append(log, idempotent(ID, 0, 5, 1));
    }

    @Test
    void producersAreDescribed() {
        WritableLog log = log("a");
        append(log, batch(1));
        append(log, idempotent(ID, 2, 0, 3));
        append(log, idempotent(ID, 2, 3, 3));

        assertThat(log.producers()).containsExactly(
                new ProducerSnapshot(ID, (short) 2, 5, clock.millis(), -1, -1));
    }
}
