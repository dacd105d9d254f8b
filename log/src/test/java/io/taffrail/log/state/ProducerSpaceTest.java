package io.taffrail.log.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.ReadableLog.ProducerSnapshot;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The producers that logs remember together are limited; the least recently used ones go. */
class ProducerSpaceTest {

    private static final int LIMIT = 100;

    private final ProducerSpace space = new ProducerSpace(LIMIT);
    private final LogState log = new LogState(space);
    private final LogState other = new LogState(space);
    private long offset;

    private ByteBuffer append(LogState state, long producer, int sequence, boolean transactional) {
        BatchBuilder batch = new BatchBuilder();
        if (transactional) {
            batch.transactional();
        }
        ByteBuffer built = batch.producer(producer, (short) 0, sequence)
                .add(1, new byte[1], new byte[1]).build();
        BatchHeader.stamp(built, 0, offset++, 0);
        var _ = state.apply(built, built.position());
        return built;
    }

    private static Iterable<Long> ids(LogState state) {
        return state.producers().stream().map(ProducerSnapshot::producerId).toList();
    }

    @Test
    void aNewProducerForEachBatchTakesNoMoreThanTheLimit() {
        for (int producer = 0; producer < 10 * LIMIT; producer++) {
            append(log, producer, 0, false);
        }

        assertThat(log.producers()).hasSize(LIMIT);
        assertThat(space.count()).isEqualTo(LIMIT);
        assertThat(log.snapshot().remaining()).isLessThan(LIMIT * 100);
    }

    @Test
    void aProducerThatGoesOnIsRememberedAndItsBatchSentAgainIsFound() {
        ByteBuffer last = append(log, 7, 0, false);
        for (int producer = 1000; producer < 1000 + 10 * LIMIT; producer++) {
            append(log, producer, 0, false);
            if (producer % (LIMIT / 2) == 0) {
                last = append(log, 7, BatchHeader.lastSequence(last, 0) + 1, false);
            }
        }

        assertThat(log.check(last, 0)).isInstanceOf(Verdict.Duplicate.class);
    }

    @Test
    void aForgottenProducerMayGoOnWithAnySequence() {
        append(log, 7, 0, false);
        for (int producer = 1000; producer < 1000 + LIMIT; producer++) {
            append(log, producer, 0, false);
        }

        assertThat(ids(log)).doesNotContain(7L);
        ByteBuffer next = new BatchBuilder().producer(7, (short) 0, 1)
                .add(1, new byte[1], new byte[1]).build();
        assertThat(log.check(next, 0)).isInstanceOf(Verdict.Accept.class);
    }

    @Test
    void aLogForgetsItsOwnProducersAndNotThoseOfOthers() {
        append(other, 7, 0, false);
        for (int producer = 1000; producer < 1000 + 10 * LIMIT; producer++) {
            append(log, producer, 0, false);
        }

        assertThat(ids(other)).containsExactly(7L);
    }

    @Test
    void aProducerWithAnOpenTransactionIsKept() {
        append(log, 7, 0, true);
        for (int producer = 1000; producer < 1000 + 10 * LIMIT; producer++) {
            append(log, producer, 0, false);
        }

        assertThat(ids(log)).contains(7L);
    }

    @Test
    void whatExpiresIsDiscardedOrRestoredIsCounted() {
        append(log, 7, 0, false);
        append(other, 8, 0, false);
        LogState restored = LogState.restore(log.snapshot(), space);
        assertThat(space.count()).isEqualTo(3);

        log.discard();
        assertThat(space.count()).isEqualTo(2);
        restored.expireProducers(2);
        assertThat(space.count()).isEqualTo(1);
        other.expireProducers(1);
        assertThat(space.count()).isEqualTo(1);
    }
}
