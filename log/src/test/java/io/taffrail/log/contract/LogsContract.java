package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.Refusal;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.WritableLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of creating, listing and deleting logs. */
abstract class LogsContract extends ContractTest {

    @Test
    void logsExistFromTheirFirstOpeningToTheirDeletion() {
        assertThat(engine.logs()).isEmpty();
        log("a");
        WritableLog b = log("b");
        assertThat(engine.logs()).containsExactlyInAnyOrder(new LogId("a"), new LogId("b"));
        forget(b);
        OwnerThread.await(engine.delete(b.id()));
        assertThat(engine.logs()).containsExactly(new LogId("a"));

        reopen();

        assertThat(engine.logs()).containsExactly(new LogId("a"));
    }

    @Test
    void aDeletedLogRefusesAppends() {
        WritableLog log = log("a");
        append(log, batch(1));
        forget(log);
        OwnerThread.await(engine.delete(log.id()));

        assertRefused(log, batch(1), Refusal.CLOSED);
    }

    @Test
    void deletingWhatIsNotThereOrNotOpenIsFine() {
        OwnerThread.await(engine.delete(new LogId("never")));
        append(log("a"), batch(1));
        reopen();

        OwnerThread.await(engine.delete(new LogId("a")));

        assertThat(engine.logs()).isEmpty();
        reopen();
        assertThat(engine.logs()).isEmpty();
    }

    @Test
    void aLogCreatedAfterADeletionIsEmpty() {
        WritableLog log = log("a");
        fill(log, 10, 2);
        append(log, idempotent(5, 3, 0, 1));
        OwnerThread.await(engine.delete(log.id()));

        WritableLog again = log("a");

        assertThat(again.nextOffset()).isZero();
        assertThat(again.producers()).isEmpty();
        assertThat(append(again, batch(1)).baseOffset()).isZero();
        reopen();
        assertThat(LogReader.offsets(log("a"), 0)).containsExactly(0L);
    }

    @Test
    void appendsOnTheirWayToADeletedLogAreAnswered() {
        WritableLog log = log("a");
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (int index = 0; index < 20; index++) {
            durable.add(begin(log, batch(1)).durable());
        }
        forget(log);
        OwnerThread.await(engine.delete(log.id()));

        for (CompletableFuture<Void> each : durable) {
            String answer = OwnerThread.await(each.handle((nothing, failure) -> "answered"));
            assertThat(answer).isEqualTo("answered");
        }
    }

    @Test
    void aCommitDoesNotFailBecauseOneOfItsLogsIsDeleted() {
        WritableLog stays = log("stays");
        for (int round = 0; round < 20; round++) {
            WritableLog goes = log("goes-" + round);
            List<LogAppend> appends = List.of(new LogAppend(stays, batch(1)),
                    new LogAppend(goes, batch(1)));
            forget(goes);
            CompletableFuture<Void> deleted = new CompletableFuture<>();
            CommitResult result = owner.call(() -> {
                CommitResult committed = engine.commit(appends);
                var _ = engine.delete(goes.id()).thenRun(() -> deleted.complete(null));
                return committed;
            });

            assertThat(result).isInstanceOfSatisfying(CommitResult.Committed.class,
                    committed -> OwnerThread.await(committed.durable()));
            OwnerThread.await(deleted);
        }
        assertThat(stays.durableEnd()).isEqualTo(20);
    }

    @Test
    void aThousandLogsKeepWhatTheyAreGiven() {
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (int index = 0; index < 1_000; index++) {
                WritableLog log = log("log-" + index);
                durable.add(begin(log, batch(1 + index % 3)).durable());
            }
        }
        durable.forEach(OwnerThread::await);
        reopen();
        assertThat(engine.logs()).hasSize(1_000);
        for (int index = 0; index < 1_000; index++) {
            WritableLog log = log("log-" + index);
            assertThat(LogReader.offsets(log, 0)).isEqualTo(LongRange.of(0, 2L * (1 + index % 3)));
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void eachDurabilityAnswersAndSurvivesWhatItPromises(Durability durability) {
        WritableLog log = log("a", OPTIONS.withDurability(durability));
        fill(log, 10, 2);
        assertThat(LogReader.offsets(log, 0)).isEqualTo(LongRange.of(0, 20));

        reopen();

        WritableLog again = log("a", OPTIONS.withDurability(durability));
        long left = durability == Durability.MEMORY ? 0 : 20;
        assertThat(again.durableEnd() - again.startOffset()).isEqualTo(left);
        AppendResult.Stored next = append(again, batch(1));
        assertThat(next.baseOffset()).isEqualTo(again.startOffset() + left);
    }

    @Test
    void reopeningOftenLosesNothing() {
        for (int round = 0; round < 10; round++) {
            fill(log("a"), 3, 2);
            if (round % 2 == 0) {
                reopen();
            } else {
                kill();
            }
        }
        assertThat(LogReader.offsets(log("a"), 0)).isEqualTo(LongRange.of(0, 60));
    }
}
