package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.spi.ReadableLog.ProducerSnapshot;
import io.taffrail.log.spi.WritableLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What transactions and their markers mean to a log (KIP-98). */
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
    void aProducerWithAnOpenTransactionIsNotForgotten() {
        WritableLog log = log("a");
        append(log, transactional(1, 0, 0, 2));
        clock.advance(OPTIONS.producerExpiry().plus(Duration.ofHours(1)));
        owner.run(() -> log.maintain(clock.millis()));

        assertThat(log.producers()).extracting(ProducerSnapshot::currentTransactionStartOffset)
                .containsExactly(0L);
    }
}
