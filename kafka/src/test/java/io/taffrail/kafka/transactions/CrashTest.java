package io.taffrail.kafka.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * In both versions of the protocol, a transaction of two partitions and a group's offset, with a
 * crash after each task of the logs' owner. After the restart it is whole or gone, and what was
 * acknowledged has happened.
 */
@Timeout(300)
class CrashTest {

    private final CoordinatorFixture fixture = new CoordinatorFixture(
            TransactionSettings.defaults().withPartitions(1));
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        clients.shutdownNow();
        fixture.close();
    }

    /** Number of tasks that a whole transaction takes, or more. */
    private static final int MOST_TASKS = 400;

    @ParameterizedTest
    @CsvSource({"true, 3", "false, 3", "true, 5", "false, 5"})
    void transactionIsWholeOrGone(boolean commit, int version) throws Exception {
        fixture.topic("t", 2);
        TransactionClient first = new TransactionClient(fixture, "x");
        assertThat(first.find()).isEqualTo(Errors.NONE);
        long[] written = {0};
        boolean finished = false;
        for (int crash = 0; !finished; crash++) {
            assertThat(crash).as("tasks").isLessThan(MOST_TASKS);
            finished = transaction(crash, commit, version, written);
        }
    }

    /** Returns true if the transaction ended before the crash. */
    private boolean transaction(int crash, boolean commit, int version, long[] written)
            throws Exception {
        long[] ends = {fixture.log("t", 0).durableEnd(), fixture.log("t", 1).durableEnd()};
        long offset = ++written[0];
        long before = fixture.committedOffset("g", "t");
        TransactionClient client = new TransactionClient(fixture, "x");
        CompletableFuture<Boolean> decided = new CompletableFuture<>();
        CompletableFuture<Void> complete = new CompletableFuture<>();
        fixture.crashAfter(crash);
        clients.execute(() -> {
            try {
                decided.complete(run(client, commit, version, offset));
                client.awaitState(commit ? "CompleteCommit" : "CompleteAbort");
                complete.complete(null);
            } catch (Exception e) {
                decided.completeExceptionally(e);
                complete.completeExceptionally(e);
            }
        });
        boolean finished = awaitCrashOr(complete);
        boolean acknowledged = decided.isDone() && !decided.isCompletedExceptionally();
        fixture.restart();

        new TransactionClient(fixture, "x").initWhenEnded();
        String where = "crash after " + crash + " tasks";
        boolean first = committed(fixture.log("t", 0), ends[0], where);
        boolean second = committed(fixture.log("t", 1), ends[1], where);
        long after = fixture.committedOffset("g", "t");
        if (acknowledged) {
            assertThat(first).as(where).isEqualTo(commit);
        }
        if (!commit) {
            assertThat(first).as(where).isFalse();
        }
        assertThat(second).as(where).isEqualTo(first);
        assertThat(after).as(where).isEqualTo(first ? offset : before);
        return finished;
    }

    private static boolean run(TransactionClient client, boolean commit, int version,
            long offset) throws Exception {
        client.initWhenEnded();
        require(client.add("t", 0));
        require(client.write("t", 0, 0));
        require(client.add("t", 1));
        require(client.write("t", 1, 0));
        if (version < 5) {
            require(client.addOffsets("g"));
        }
        require(client.commitOffset(version, "g", "t", offset));
        require(client.end(version, commit));
        return true;
    }

    private static void require(Errors answer) {
        if (answer != Errors.NONE) {
            throw new IllegalStateException(answer.toString());
        }
    }

    /** Waits until the transaction is complete, or durability is held and all threads are idle. */
    private boolean awaitCrashOr(CompletableFuture<Void> complete) throws Exception {
        while (!complete.isDone()) {
            if (fixture.engine().unforcedBytes() > 0 && fixture.crashed()) {
                return false;
            }
            Thread.onSpinWait();
        }
        try {
            complete.get();
            return !fixture.crashed();
        } catch (ExecutionException e) {
            if (!fixture.crashed()) {
                throw e;
            }
            return false;
        }
    }

    /** Whether the records from an offset on are committed; nothing may be open. */
    private static boolean committed(ReadableLog log, long from, String where) {
        assertThat(log.lastStableOffset()).as(where).isEqualTo(log.durableEnd());
        List<AbortedTransaction> aborted = log.abortedTransactions(from, log.durableEnd());
        boolean committed = false;
        for (long offset = from; offset < log.durableEnd();) {
            if (!(log.readVerified(
                    offset) instanceof ReadResult.Batches(LogSlice.BufferSlice slice))) {
                throw new AssertionError(where + ": no batch at " + offset);
            }
            ByteBuffer batch = slice.buffer();
            long at = offset;
            committed |= !BatchHeader.isControl(batch, batch.position())
                    && aborted.stream().noneMatch(
                            each -> each.firstOffset() <= at && at < each.lastOffset());
            offset = BatchHeader.lastOffset(batch, batch.position()) + 1;
            slice.close();
        }
        return committed;
    }
}
