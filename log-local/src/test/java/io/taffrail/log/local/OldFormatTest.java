package io.taffrail.log.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Directories that a version of format 1.0 wrote, which lists aborted transactions in the
 * checkpoint. In both, producer 7 aborted and committed in turns, in small segments.
 */
final class OldFormatTest {

    private static final LogId LOG = new LogId("table@x-0");
    private static final List<AbortedTransaction> CLEAN = List.of(
            new AbortedTransaction(7, 0, 1, 2), new AbortedTransaction(7, 4, 5, 6),
            new AbortedTransaction(7, 8, 9, 10));

    @TempDir
    private Path dir;
    private final OwnerThread owner = new OwnerThread();
    @SuppressWarnings("NullAway.Init")
    private LocalLogEngine engine;
    private int epoch = 2;

    @AfterEach
    void stop() {
        engine.abandon();
        owner.close();
    }

    private LocalLog open() {
        engine = LocalLogEngine.open(dir, RecoveryTest.SMALL, InstantSource.system());
        return (LocalLog) engine
                .openForWrite(LOG, new Lease("node", ++epoch), LogOptions.defaults(), owner).join();
    }

    private void unpack(String name) throws IOException {
        try (InputStream in = OldFormatTest.class.getResourceAsStream("/format-1.0/" + name);
                ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(in))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = dir.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.copy(zip, file);
            }
        }
    }

    @Test
    void theListOfACheckpointMovesToTheSegments() throws IOException {
        unpack("clean.zip");
        assertThat(open().abortedTransactions(0, 12)).isEqualTo(CLEAN);
        assertThat(dir.resolve("taffrail.format")).content().contains("format 1.1");
        engine.abandon();
        assertThat(open().abortedTransactions(0, 12)).isEqualTo(CLEAN);
        engine.close();

        assertThat(open().abortedTransactions(0, 12)).isEqualTo(CLEAN);
        assertThat(dir.resolve("logs/" + LOG + "/00000000000000000000.txnindex")).exists();
        assertThat(dir.resolve("logs/" + LOG + "/00000000000000000007.txnindex")).exists();
    }

    /** The journal has compactions, whose segments have no index. */
    @Test
    void theIndexOfACompactedSegmentIsMadeFromTheLog() throws IOException {
        unpack("killed.zip");
        LocalLog log = open();
        assertThat(log.durableEnd()).isEqualTo(22);
        List<AbortedTransaction> left = log.abortedTransactions(0, 22);
        assertThat(left).contains(new AbortedTransaction(9, 12, 21, 22));
        assertThat(committed(log)).contains("v0", "v1", "v2").noneMatch(OldFormatTest::isAborted);
        engine.abandon();
        assertThat(open().abortedTransactions(0, 22)).isEqualTo(left);
        engine.close();
        LocalLog again = open();
        assertThat(again.abortedTransactions(0, 22)).isEqualTo(left);
        assertThat(committed(again)).contains("v0", "v1", "v2").noneMatch(OldFormatTest::isAborted);
    }

    private static boolean isAborted(String value) {
        return value.startsWith("aborted");
    }

    /** The values of the records that no aborted transaction covers. */
    private static List<String> committed(LocalLog log) {
        List<AbortedTransaction> aborted = log.abortedTransactions(0, log.durableEnd());
        List<String> values = new ArrayList<>();
        new BatchIterator(List.of(log.view().segments())).forEachRemaining(batch -> {
            long offset = BatchHeader.baseOffset(batch, 0);
            boolean covered = aborted.stream()
                    .anyMatch(it -> it.producerId() == BatchHeader.producerId(batch, 0)
                            && it.firstOffset() <= offset && offset < it.lastOffset());
            if (!covered && !BatchHeader.isControl(batch, 0)) {
                try (RecordWalker records = new RecordWalker(batch, 0)) {
                    records.forEachRemaining(it -> values.add(UTF_8
                            .decode(Objects.requireNonNull(it.value()).duplicate()).toString()));
                }
            }
        });
        return values;
    }
}
