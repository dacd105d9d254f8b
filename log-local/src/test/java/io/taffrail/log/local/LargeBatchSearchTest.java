package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import io.taffrail.log.spi.WritableLog;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A look-up by time in a stored batch takes little memory, however large the batch is. */
@Timeout(120)
final class LargeBatchSearchTest {

    private static final int LARGE_BYTES = 12 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory
            .getThreadMXBean();

    @TempDir
    private Path dir;

    @Test
    void anUncompressedBatchIsNotReadAsAWhole() {
        byte[] large = new byte[LARGE_BYTES];
        long seed = new Random().nextLong();
        new Random(seed).nextBytes(large);
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, RecoveryTest.SMALL,
                    new ManualClock());
            WritableLog log = engine.openForWrite(new LogId("t@x-0"), new Lease("n", 1),
                    LogOptions.defaults(), owner).join();
            append(owner, log, new BatchBuilder().add(100, null, large).add(200, large, large)
                    .add(300, null, new byte[100]).build());
            append(owner, log, new BatchBuilder().codec(Codec.GZIP).add(400, null, large)
                    .add(500, null, new byte[1]).build());
            assertThat(log.offsetForTime(100).map(TimedOffset::offset)).contains(0L);
            long before = THREADS.getCurrentThreadAllocatedBytes();

            assertThat(log.offsetForTime(101)).as("seed %d", seed)
                    .contains(new TimedOffset(1, 200, 1));
            assertThat(log.offsetForTime(201)).as("seed %d", seed)
                    .contains(new TimedOffset(2, 300, 1));

            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(4L << 20);
            assertThat(log.offsetForTime(401)).contains(new TimedOffset(4, 500, 1));
            assertThat(log.offsetForTime(501)).isEmpty();
            engine.close();
        }
    }

    private static void append(OwnerThread owner, WritableLog log, ByteBuffer batch) {
        OwnerThread.await(((AppendResult.Stored) owner.call(() -> log.append(batch))).durable());
    }
}
