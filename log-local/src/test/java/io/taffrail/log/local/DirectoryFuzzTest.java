package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.local.RandomDamage.Damage;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stopped data directory with random damage either opens, with only the damaged ranges
 * unreadable, or is refused with a reason and not changed. A failure prints the seed of its run:
 * {@code -Dtaffrail.seed=} repeats it, {@code -Dtaffrail.fuzz.runs=} sets the number of runs.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class DirectoryFuzzTest {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryFuzzTest.class);
    private static final int RUNS = Integer.getInteger("taffrail.fuzz.runs", 25);
    private static final String KEY = "fuzz/key";
    private static final byte[] VALUE = {1, 2, 3};

    @TempDir
    private Path temp;
    private final OwnerThread owner = new OwnerThread();
    private final Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void watchFatalErrors() {
        FailStop.handler((reason, cause) -> {
            LOG.error("fail-stop: {}", reason, cause);
            fatal.add(cause);
        });
    }

    @AfterEach
    void end() {
        owner.close();
    }

    @Test
    void aCleanlyStoppedDirectoryLosesWhatIsDamagedAndNothingElse() throws IOException {
        SampleDirectory original = new SampleDirectory(temp.resolve("original")).filled();
        storeMetadata(original);
        runs(original, true);
    }

    @Test
    void aKilledDirectoryIsRecoveredOrRefused() throws IOException {
        SampleDirectory original = new SampleDirectory(temp.resolve("original")).killed();
        runs(original, false);
    }

    private void runs(SampleDirectory original, boolean clean) throws IOException {
        Map<LogId, Map<Long, ByteBuffer>> stored = contents(original);
        long first = Long.getLong("taffrail.seed", 1);
        for (int run = 0; run < RUNS; run++) {
            long seed = first + run;
            Path copy = temp.resolve("run" + run);
            RandomDamage.copy(original.path(), copy);
            List<Damage> damages = new RandomDamage(copy, new Random(seed)).apply();
            try {
                check(new SampleDirectory(copy), damages, stored, clean);
                assertThat(fatal).as("errors that end the process").isEmpty();
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", after " + damages + ": " + e, e);
            }
            RandomDamage.delete(copy);
        }
    }

    private void check(SampleDirectory data, List<Damage> damages,
            Map<LogId, Map<Long, ByteBuffer>> stored, boolean clean) {
        String before = state(data, clean);
        LocalLogEngine engine;
        try {
            engine = data.open();
        } catch (LogFailedException refused) {
            assertThat(refused.getMessage()).contains(data.path().toString());
            // The metadata is read last, when the start has already changed files.
            if (damages.stream()
                    .noneMatch(it -> it.isSegmentOf(data.path(), LocalLogEngine.META))) {
                assertThat(state(data, clean)).as("the refused directory").isEqualTo(before);
            }
            return;
        }
        try {
            for (Map.Entry<LogId, Map<Long, ByteBuffer>> log : stored.entrySet()) {
                read(SampleDirectory.writer(engine, log.getKey(), 9, owner), data, damages,
                        log.getValue(), clean);
            }
            if (clean) {
                assertThat(engine.metaStore().get(KEY)).map(MetaStore.Versioned::value)
                        .hasValue(VALUE);
            }
        } finally {
            engine.close();
        }
        data.open().close();
    }

    /**
     * The state of a directory that a refused start must not change. After a kill, the replay of
     * the journal may have written segments before the start was refused; another start writes the
     * same again.
     */
    private static String state(SampleDirectory data, boolean clean) {
        return clean ? data.hash() : data.names();
    }

    /**
     * Requires that every batch read is the stored one, and that every missing one lies in
     * a damaged range.
     */
    private static void read(WritableLog log, SampleDirectory data, List<Damage> damages,
            Map<Long, ByteBuffer> stored, boolean clean) {
        if (clean) {
            assertThat(log.durableEnd()).as("end of %s", log.id()).isEqualTo(stored.size());
        }
        for (long offset = log.startOffset(); offset < log.durableEnd();) {
            switch (log.readVerified(offset)) {
                case ReadResult.Batches(var slice) -> {
                    ByteBuffer batch = LogReader.take(slice);
                    assertThat(batch).as("batch %d of %s", offset, log.id())
                            .isEqualTo(stored.get(offset));
                    offset = BatchHeader.lastOffset(batch, 0) + 1;
                }
                case ReadResult.Damaged damaged -> {
                    int batchBytes = Objects.requireNonNull(stored.get(offset)).remaining();
                    assertThat(damages).as("damage of %s told as %s", log.id(), damaged)
                            .anyMatch(it -> it.isSegmentOf(data.path(), log.id()));
                    assertThat(damaged.nextOffset()).isGreaterThan(offset);
                    assertThat(damaged.nextOffset() - offset).as("batches lost, %s", damaged)
                            .isLessThanOrEqualTo(RandomDamage.batchesIn(damages, data.path(),
                                    log.id(), batchBytes));
                    offset = damaged.nextOffset();
                }
                case ReadResult.OutOfRange _,ReadResult.Unreadable _ ->
                    fail("offset %d of %s is neither stored nor damaged", offset, log.id());
            }
        }
    }

    private void storeMetadata(SampleDirectory data) {
        LocalLogEngine engine = data.open();
        engine.metaStore().apply(List.of(new MetaStore.Change.Put(KEY, 0, VALUE))).join();
        engine.close();
    }

    private Map<LogId, Map<Long, ByteBuffer>> contents(SampleDirectory original)
            throws IOException {
        Path copy = temp.resolve("intact");
        RandomDamage.copy(original.path(), copy);
        Map<LogId, Map<Long, ByteBuffer>> contents = new HashMap<>();
        LocalLogEngine engine = new SampleDirectory(copy).open();
        for (LogId id : List.of(SampleDirectory.A, SampleDirectory.B)) {
            WritableLog log = SampleDirectory.writer(engine, id, 8, owner);
            Map<Long, ByteBuffer> batches = new HashMap<>();
            for (long offset = 0; offset < log.durableEnd(); offset++) {
                ReadResult.Batches found = (ReadResult.Batches) log.readVerified(offset);
                batches.put(offset, LogReader.take(found.slice()));
            }
            contents.put(id, batches);
        }
        engine.close();
        assertThat(Files.exists(copy)).isTrue();
        return contents;
    }
}
