package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Refusal;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of commits: appends to several logs in one step. */
abstract class CommitContract extends ContractTest {

    @Test
    void storesEachAppendAndIsDurableAsOne() {
        WritableLog a = log("a");
        WritableLog b = log("b");
        append(a, batch(2));

        CommitResult.Committed committed = commit(List.of(new LogAppend(a, batch(1)),
                new LogAppend(b, batch(3)), new LogAppend(a, batch(2))));

        assertThat(committed.results())
                .extracting(each -> ((AppendResult.Stored) each).baseOffset())
                .containsExactly(2L, 0L, 3L);
        assertThat(a.durableEnd()).isEqualTo(5);
        assertThat(b.durableEnd()).isEqualTo(3);
        committed.results().forEach(
                each -> OwnerThread.await(((AppendResult.Stored) each).durable()));
        assertThat(LogReader.offsets(a, 0)).isEqualTo(LongRange.of(0, 5));
        assertThat(LogReader.offsets(b, 0)).isEqualTo(LongRange.of(0, 3));
    }

    @Test
    void storesNothingIfOneIsRefused() {
        WritableLog a = log("a");
        WritableLog b = log("b");
        append(b, idempotent(9, 1, 0, 1));

        CommitResult result = tryCommit(List.of(new LogAppend(a, batch(1)),
                new LogAppend(a, idempotent(5, 0, 0, 1)), new LogAppend(b, idempotent(9, 0, 1, 1)),
                new LogAppend(a, batch(1))));

        assertThat(result).isInstanceOfSatisfying(CommitResult.Refused.class, refused -> {
            assertThat(refused.index()).isEqualTo(2);
            assertThat(refused.refusal().reason()).isEqualTo(Refusal.PRODUCER_FENCED);
        });
        assertThat(a.nextOffset()).isZero();
        assertThat(b.nextOffset()).isEqualTo(1);
        assertThat(a.producers()).isEmpty();
        assertThat(append(a, batch(1)).baseOffset()).isZero();
    }

    @Test
    void storesNothingIfOneIsNotWhole() {
        WritableLog a = log("a");
        WritableLog b = log("b");
        ByteBuffer corrupt = batch(1);
        corrupt.limit(corrupt.limit() - 1);

        CommitResult result = tryCommit(
                List.of(new LogAppend(a, batch(1)), new LogAppend(b, corrupt)));

        assertThat(result).isInstanceOfSatisfying(CommitResult.Refused.class, refused -> {
            assertThat(refused.index()).isEqualTo(1);
            assertThat(refused.refusal().reason()).isEqualTo(Refusal.CORRUPT_BATCH);
        });
        assertThat(a.nextOffset()).isZero();
        assertThat(b.nextOffset()).isZero();
    }

    @Test
    void laterAppendsOfACommitFollowEarlierOnes() {
        WritableLog a = log("a");

        commit(List.of(new LogAppend(a, idempotent(5, 0, 0, 2)),
                new LogAppend(a, idempotent(5, 0, 2, 2))));

        append(a, idempotent(5, 0, 4, 1));
        assertThat(tryCommit(List.of(new LogAppend(a, idempotent(5, 0, 5, 2)),
                new LogAppend(a, idempotent(5, 0, 9, 2)))))
                .isInstanceOf(CommitResult.Refused.class);
        assertThat(a.nextOffset()).isEqualTo(5);
        append(a, idempotent(5, 0, 5, 1));
    }

    @Test
    void batchesOfAKnownProducerFollowOneAnotherInACommit() {
        WritableLog a = log("a");
        WritableLog b = log("b");
        append(a, idempotent(5, 0, 0, 2));
        append(b, idempotent(5, 0, 7, 1));

        commit(List.of(new LogAppend(a, idempotent(5, 0, 2, 2)),
                new LogAppend(b, idempotent(5, 0, 8, 1)),
                new LogAppend(a, idempotent(5, 0, 4, 3)),
                new LogAppend(a, idempotent(5, 1, 0, 1)),
                new LogAppend(a, idempotent(5, 1, 1, 1))));

        assertThat(a.durableEnd()).isEqualTo(9);
        assertThat(b.durableEnd()).isEqualTo(2);
        assertThat(tryCommit(List.of(new LogAppend(a, idempotent(5, 1, 2, 1)),
                new LogAppend(a, idempotent(5, 0, 7, 1)))))
                .isInstanceOfSatisfying(CommitResult.Refused.class, refused -> {
                    assertThat(refused.index()).isEqualTo(1);
                    assertThat(refused.refusal().reason()).isEqualTo(Refusal.PRODUCER_FENCED);
                });
        append(a, idempotent(5, 1, 2, 1));
        append(b, idempotent(5, 0, 9, 1));
    }

    @Test
    void theSameBatchTwiceInACommitIsStoredOnce() {
        WritableLog a = log("a");
        append(a, idempotent(5, 0, 0, 2));

        CommitResult.Committed committed = commit(
                List.of(new LogAppend(a, batch(1)), new LogAppend(a, idempotent(5, 0, 2, 2)),
                        new LogAppend(a, idempotent(5, 0, 2, 2)),
                        new LogAppend(a, idempotent(5, 0, 4, 1))));

        assertThat(committed.results().get(2)).isInstanceOfSatisfying(
                AppendResult.Duplicate.class, it -> {
                    assertThat(it.baseOffset()).isEqualTo(3);
                    assertThat(it.lastOffset()).isEqualTo(4);
                    OwnerThread.await(it.durable());
                });
        assertThat(a.durableEnd()).isEqualTo(6);
        assertThat(LogReader.offsets(a, 0)).isEqualTo(LongRange.of(0, 6));
    }

    @Test
    void aDuplicateInACommitIsAnsweredAndTheRestStored() {
        WritableLog a = log("a");
        WritableLog b = log("b");
        append(a, idempotent(5, 0, 0, 2));

        CommitResult.Committed committed = commit(
                List.of(new LogAppend(a, idempotent(5, 0, 0, 2)), new LogAppend(b, batch(1))));

        assertThat(committed.results().getFirst()).isInstanceOfSatisfying(
                AppendResult.Duplicate.class, it -> assertThat(it.baseOffset()).isZero());
        assertThat(a.nextOffset()).isEqualTo(2);
        assertThat(b.durableEnd()).isEqualTo(1);
    }

    @Test
    void commitsAndAppendsKeepTheirOrder() {
        WritableLog a = log("a");
        WritableLog b = log("b");
        CommitResult.Committed last = owner.call(() -> {
            CommitResult.Committed committed = null;
            for (int round = 0; round < 100; round++) {
                assertThat(a.append(batch(1))).isInstanceOf(AppendResult.Stored.class);
                committed = (CommitResult.Committed) engine.commit(
                        List.of(new LogAppend(a, batch(1)), new LogAppend(b, batch(1))));
            }
            return java.util.Objects.requireNonNull(committed);
        });
        OwnerThread.await(last.durable());

        assertThat(a.durableEnd()).isEqualTo(200);
        assertThat(b.durableEnd()).isEqualTo(100);
    }

    @Test
    void commitsSurviveAKill() {
        WritableLog a = log("a");
        WritableLog b = log("b");
        for (int round = 0; round < 10; round++) {
            commit(List.of(new LogAppend(a, batch(1)), new LogAppend(b, batch(2))));
        }

        kill();

        assertThat(LogReader.offsets(log("a"), 0)).isEqualTo(LongRange.of(0, 10));
        assertThat(LogReader.offsets(log("b"), 0)).isEqualTo(LongRange.of(0, 20));
    }

    private CommitResult tryCommit(List<LogAppend> appends) {
        return owner.call(() -> engine.commit(appends));
    }

    private CommitResult.Committed commit(List<LogAppend> appends) {
        CommitResult result = tryCommit(appends);
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        CommitResult.Committed committed = (CommitResult.Committed) result;
        OwnerThread.await(committed.durable());
        return committed;
    }
}
