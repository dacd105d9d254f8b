package io.taffrail.log.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.inspect.DirectoryCheck;
import io.taffrail.log.local.inspect.Finding;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The index of aborted transactions of each segment, its file, and damage to that. */
final class AbortedIndexTest {

    private static final LogId LOG = new LogId("table@x-0");
    /** More than an index keeps in memory, in each of several segments. */
    private static final int SOME = 150;
    private static final LogOptions OPTIONS = LogOptions.defaults()
            .withSegmentBytes(new ByteSize(6_000));

    @TempDir
    private Path dir;
    private final OwnerThread owner = new OwnerThread();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final List<AbortedTransaction> expected = new ArrayList<>();
    @SuppressWarnings("NullAway.Init")
    private LocalLogEngine engine;
    @SuppressWarnings("NullAway.Init")
    private LocalLog log;
    private int epoch;
    private int sequence;

    @AfterEach
    void stop() {
        engine.abandon();
        owner.close();
    }

    private void open(LogOptions options) {
        engine = LocalLogEngine.open(dir, RecoveryTest.SMALL, new Environment(
                HookedDisk.of((operation, path, arguments, file) -> {
                    if (failing.get() && path.endsWith(".txnindex") && operation.equals("write")) {
                        throw new IOException("asked for");
                    }
                }), InstantSource.system(),
                Environment.real(InstantSource.system()).threads()));
        log = (LocalLog) engine.openForWrite(LOG, new Lease("node", ++epoch), options, owner)
                .join();
    }

    private void open() {
        open(OPTIONS);
    }

    private void kill() {
        engine.abandon();
        open();
    }

    private void restart() {
        engine.close();
        open();
    }

    private CompletableFuture<Void> append(ByteBuffer batch) {
        return ((AppendResult.Stored) log.append(batch)).durable();
    }

    /** Appends transactions that are all aborted. */
    private void abort(int count) {
        List<CompletableFuture<Void>> durable = owner.call(() -> {
            List<CompletableFuture<Void>> appended = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long first = log.nextOffset();
                appended.add(append(new BatchBuilder().producer(7, (short) 0, sequence++)
                        .transactional().add(1, "k".getBytes(UTF_8), "v".getBytes(UTF_8))
                        .build()));
                appended.add(append(BatchBuilder.endMarker(7, (short) 0, false, 0, 1)));
                expected.add(new AbortedTransaction(7, first, first + 1, first + 2));
            }
            return appended;
        });
        durable.forEach(OwnerThread::await);
    }

    private List<AbortedTransaction> found() {
        return log.abortedTransactions(0, log.durableEnd());
    }

    private Path index(int segment) {
        String name = String.valueOf(log.view().segments()[segment].path().getFileName());
        return dir.resolve("logs/" + LOG).resolve(name.replace(".log", ".txnindex"));
    }

    @Test
    void eachSegmentHasTheTransactionsThatEndInIt() throws IOException {
        open();
        abort(SOME);
        assertThat(found()).isEqualTo(expected);
        assertThat(log.segmentCount()).isGreaterThan(2);
        engine.close();

        long bytes = 0;
        for (int i = 0; i < log.segmentCount(); i++) {
            bytes += Files.size(index(i));
            assertThat(log.view().segments()[i].aborted().count()).isPositive();
        }
        assertThat(bytes).isEqualTo(38L * SOME);
        open();
        assertThat(found()).isEqualTo(expected);
        long from = expected.get(70).lastOffset();
        assertThat(log.abortedTransactions(from, from + 5)).isEqualTo(expected.subList(70, 73));
    }

    @Test
    void aKillLosesNone() {
        open();
        abort(SOME);
        kill();
        assertThat(found()).isEqualTo(expected);
        abort(SOME);
        restart();
        abort(SOME);
        kill();
        assertThat(found()).isEqualTo(expected);
    }

    @Test
    void aSegmentIsTrimmedWithItsIndex() {
        open();
        abort(SOME);
        restart();
        Path first = index(0);
        assertThat(first).exists();
        long start = log.view().segments()[1].baseOffset();
        owner.run(() -> log.trimTo(start));
        restart();

        assertThat(first).doesNotExist();
        assertThat(found()).isEqualTo(
                expected.stream().filter(it -> it.lastOffset() >= start).toList());
    }

    /** Damage to the index of a segment, while the directory is not in use. */
    enum Damage {
        MISSING {
            @Override
            void to(Path index, byte[] bytes) throws IOException {
                Files.delete(index);
            }
        },
        CUT {
            @Override
            void to(Path index, byte[] bytes) throws IOException {
                Files.write(index, Arrays.copyOf(bytes, bytes.length - 38));
            }
        },
        TORN {
            @Override
            void to(Path index, byte[] bytes) throws IOException {
                Files.write(index, Arrays.copyOf(bytes, bytes.length - 5));
            }
        },
        FLIPPED {
            @Override
            void to(Path index, byte[] bytes) throws IOException {
                bytes[38 * 3 + 12] ^= 1;
                Files.write(index, bytes);
            }
        },
        SWAPPED_ENTRIES {
            @Override
            void to(Path index, byte[] bytes) throws IOException {
                byte[] swapped = bytes.clone();
                System.arraycopy(bytes, 38, swapped, 76, 38);
                System.arraycopy(bytes, 76, swapped, 38, 38);
                Files.write(index, swapped);
            }
        },
        ENTRY_LEFT_OUT {
            @Override
            void to(Path index, byte[] bytes) throws IOException {
                byte[] without = Arrays.copyOf(bytes, bytes.length - 38);
                System.arraycopy(bytes, 76, without, 38, bytes.length - 76);
                Files.write(index, without);
            }
        };

        abstract void to(Path index, byte[] bytes) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void aDamagedIndexIsMadeAgain(Damage damage) throws IOException {
        open();
        abort(SOME);
        engine.close();
        damage.to(index(1), Files.readAllBytes(index(1)));
        List<Finding> findings = new ArrayList<>();
        try (StoredDirectory directory = StoredDirectory.open(dir)) {
            var _ = new DirectoryCheck(directory, Set.of(), findings::add).run();
        }
        assertThat(findings).singleElement().satisfies(it -> {
            assertThat(it.severity()).isEqualTo(Finding.Severity.REPAIRABLE);
            assertThat(it.file()).isEqualTo(index(1));
        });

        open();
        assertThat(found()).isEqualTo(expected);
        abort(SOME);
        restart();
        assertThat(found()).isEqualTo(expected);
    }

    @Test
    void anIndexOfAnotherSegmentIsNotUsed() throws IOException {
        open();
        abort(SOME);
        engine.close();
        Files.write(index(1), Files.readAllBytes(index(0)));
        open();
        assertThat(found()).isEqualTo(expected);
    }

    @Test
    void withoutIndexAndWithADamagedLogNothingIsTakenForCommitted() throws IOException {
        open();
        abort(SOME);
        engine.close();
        Files.delete(index(1));
        Path segment = log.view().segments()[0].path();
        byte[] bytes = Files.readAllBytes(segment);
        Arrays.fill(bytes, 2_000, 2_400, (byte) 0);
        Files.write(segment, bytes);

        open();
        assertThatThrownBy(this::found).isInstanceOf(LogFailedException.class)
                .hasMessageContaining("aborted transactions of " + LOG);
        long from = log.view().segments()[2].baseOffset();
        assertThat(log.abortedTransactions(from, log.durableEnd())).isEqualTo(
                expected.stream().filter(it -> it.lastOffset() >= from).toList());
    }

    @Test
    void anIndexThatCannotBeWrittenHidesNothing() {
        open();
        abort(SOME / 2);
        failing.set(true);
        abort(SOME);
        assertThat(found()).isEqualTo(expected);
        kill();
        abort(SOME);
        assertThat(found()).isEqualTo(expected);
        failing.set(false);
        restart();
        assertThat(found()).isEqualTo(expected);
    }

    @Test
    void theSizeOfACheckpointDoesNotDependOnTheNumberOfAborts() throws IOException {
        open(LogOptions.defaults());
        abort(SOME);
        engine.close();
        long before = Files.size(dir.resolve("checkpoint"));
        open(LogOptions.defaults());
        abort(20 * SOME);
        engine.close();
        long growth = Files.size(dir.resolve("checkpoint")) - before;
        // A new leader epoch, and more batches remembered of one producer and of the metadata.
        assertThat(growth).isLessThan(500);
    }

    /** Without readers, which ask for the last stable offset. */
    @Test
    void anEndedTransactionIsForgottenWhenItsMarkerIsDurable() {
        open();
        abort(SOME);
        assertThat(log.stored().state().endingTransactions()).isZero();
        assertThat(log.lastStableOffset()).isEqualTo(log.durableEnd());
    }

    @Test
    void aReopenedLogHasThemAgain() {
        open();
        abort(SOME);
        restart();
        abort(SOME);
        engine.quarantine(LOG, new IllegalStateException("asked for"));
        log = (LocalLog) engine.openForWrite(LOG, new Lease("node", ++epoch), OPTIONS, owner)
                .join();
        assertThat(found()).isEqualTo(expected);
        abort(SOME);
        assertThat(found()).isEqualTo(expected);
        kill();
        assertThat(found()).isEqualTo(expected);
    }
}
