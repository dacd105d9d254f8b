package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log that is opened again while its segments are rewritten. */
@Timeout(120)
final class ReopenWhileCompactingTest {

    private static final LogId LOG = new LogId("table@x-0");
    private static final LogOptions COMPACTED = LogOptions.defaults()
            .withSegmentBytes(new ByteSize(4096))
            .withCompaction(new CompactionOptions(true, 0.01, Duration.ZERO,
                    Duration.ofMillis(Long.MAX_VALUE), Duration.ofHours(1)));

    @TempDir
    private Path dir;
    private final OwnerThread owner = new OwnerThread();
    private final CountDownLatch written = new CountDownLatch(1);
    private final CountDownLatch reopened = new CountDownLatch(1);

    @AfterEach
    void close() {
        reopened.countDown();
        owner.close();
    }

    /** Holds the cleaner when it has written a segment and not yet put it in place. */
    private void disk(String operation, String path, Object[] arguments, DiskFile file)
            throws IOException {
        if (operation.equals("force") && path.endsWith(".c1.log")) {
            written.countDown();
            try {
                reopened.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the test ends", e);
            }
        }
    }

    private LocalLogEngine start() {
        return LocalLogEngine.open(dir, RecoveryTest.SMALL, new Environment(
                HookedDisk.of(this::disk), new ManualClock(), Threads.platform()));
    }

    private WritableLog open(LocalLogEngine engine, int epoch) {
        return engine.openForWrite(LOG, new Lease("n", epoch), COMPACTED, owner).join();
    }

    @Test
    void theNewHandleReadsWhatIsThere() throws Exception {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1);
        for (int i = 0; i < 300; i++) {
            ByteBuffer batch = new BatchBuilder()
                    .add(1000, new byte[]{(byte) (i % 7)}, new byte[50]).build();
            OwnerThread.await(((AppendResult.Stored) owner.call(() -> log.append(batch)))
                    .durable());
        }
        CompletableFuture<Void> compacted = CompletableFuture.runAsync(engine::compact);
        written.await();
        List<Long> stored = LogReader.offsets(log, 0);
        WritableLog again = open(engine, 2);
        reopened.countDown();
        compacted.join();

        assertThat(LogReader.offsets(again, 0)).isEqualTo(stored);
        engine.compact();
        List<Long> left = LogReader.offsets(again, 0);
        assertThat(left).hasSizeBetween(7, stored.size() - 1);
        engine.close();
        LocalLogEngine last = start();
        assertThat(LogReader.offsets(open(last, 3), 0)).isEqualTo(left);
        last.abandon();
    }
}
