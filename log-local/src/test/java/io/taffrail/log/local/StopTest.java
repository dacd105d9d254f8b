package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stop ends in time whatever disk and owners do, and the next start recovers every record. */
@Timeout(120)
final class StopTest {

    private static final LogId LOG = new LogId("orders@x-0");
    private static final LocalLogConfig CONFIG = new LocalLogConfig(ByteSize.mebibytes(1),
            ByteSize.mebibytes(512), Duration.ofHours(1), ByteSize.mebibytes(64), 8,
            Duration.ofHours(1), ByteSize.mebibytes(1));
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    private Path dir;
    private final OwnerThread owner = new OwnerThread();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final AtomicInteger checkpointsRefused = new AtomicInteger();
    private volatile boolean noNewBlocks;
    private volatile boolean noCheckpoint;
    private volatile boolean fullWhileStopping;
    private volatile boolean stopping;
    private final CountDownLatch fullAt = new CountDownLatch(1);
    private final CountDownLatch checkpointWaits = new CountDownLatch(1);
    private volatile String hangsAt = "";

    @AfterEach
    void close() {
        hanging.countDown();
        owner.close();
    }

    private LocalLogEngine start() {
        return LocalLogEngine.open(dir, CONFIG, new Environment(HookedDisk.of(this::disk),
                InstantSource.system(), hookedThreads()));
    }

    /** Threads that release {@link #checkpointWaits} when the checkpoint's thread waits. */
    private Threads hookedThreads() {
        return Threads.class.cast(Proxy.newProxyInstance(Threads.class.getClassLoader(),
                new Class<?>[]{Threads.class}, (proxy, method, arguments) -> {
                    if (stopping && method.getName().equals("await")
                            && Thread.currentThread().getName().equals("taffrail-checkpoint")) {
                        checkpointWaits.countDown();
                    }
                    try {
                        return method.invoke(Threads.platform(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void disk(String operation, String path, Object[] arguments, DiskFile file)
            throws IOException {
        if (operation.equals("write") && noNewBlocks && path.endsWith(".journal")
                && (Long) arguments[1] + ((ByteBuffer) arguments[0]).remaining() > file.size()) {
            fullAt.countDown();
            if (fullWhileStopping) {
                await(checkpointWaits);
            }
            throw new IOException("No space left on device");
        }
        if (operation.equals("write") && noCheckpoint && path.endsWith("checkpoint.new")
                && Files.exists(dir.resolve("reserve"))) {
            checkpointsRefused.incrementAndGet();
            throw new IOException("No space left on device");
        }
        if (operation.equals("force") && !hangsAt.isEmpty() && path.endsWith(hangsAt)) {
            await(hanging);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private WritableLog open(LocalLogEngine engine, int epoch) {
        return engine.openForWrite(LOG, new Lease("node", epoch), LogOptions.defaults(), owner)
                .join();
    }

    private AppendResult append(WritableLog log) {
        ByteBuffer batch = new BatchBuilder().add(1, null, new byte[60_000]).build();
        return owner.call(() -> log.append(batch));
    }

    @Test
    void aFullDiskDoesNotHoldUpAStop() {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1);
        noNewBlocks = true;
        noCheckpoint = true;
        while (!Files.exists(dir.resolve("reserve"))) {
            Thread.onSpinWait();
        }
        List<AppendResult.Stored> stored = new ArrayList<>();
        for (int i = 0; i < 40 && append(log) instanceof AppendResult.Stored one; i++) {
            stored.add(one);
        }

        assertThat(engine.close(PATIENCE)).isEmpty();

        noNewBlocks = false;
        noCheckpoint = false;
        LocalLogEngine again = start();
        assertThat(LogReader.offsets(open(again, 2), 0)).hasSize(stored.size());
        assertThat(again.close(PATIENCE)).isEmpty();
    }

    /** The last checkpoint waits for the journal, and only then the journal finds no room. */
    @Test
    void aDiskThatIsFullDuringTheStopDoesNotHoldItUp() throws IOException {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1);
        noNewBlocks = true;
        fullWhileStopping = true;
        List<AppendResult.Stored> stored = new ArrayList<>();
        for (int i = 0; i < 40 && append(log) instanceof AppendResult.Stored one; i++) {
            stored.add(one);
        }
        await(fullAt);
        stopping = true;

        assertThat(engine.close(PATIENCE)).isEmpty();

        noNewBlocks = false;
        LocalLogEngine again = start();
        assertThat(LogReader.offsets(open(again, 2), 0)).hasSize(stored.size());
        assertThat(again.close(PATIENCE)).isEmpty();
    }

    @Test
    void aCheckpointOnAFullDiskUsesTheReserveAndTheJournalGoesOn() {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1);
        while (!Files.exists(dir.resolve("reserve"))) {
            Thread.onSpinWait();
        }
        noNewBlocks = true;
        noCheckpoint = true;
        for (int i = 0; i < 100; i++) {
            AppendResult result = append(log);
            while (!(result instanceof AppendResult.Stored)) {
                result = append(log);
            }
            ((AppendResult.Stored) result).durable().join();
        }
        assertThat(checkpointsRefused).hasPositiveValue();
        assertThat(engine.close(PATIENCE)).isEmpty();
    }

    @Test
    void aHangingDiskDoesNotHoldUpAStop() {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1);
        hangsAt = ".journal";
        assertThat(append(log)).isInstanceOf(AppendResult.Stored.class);

        assertThat(engine.close(SHORT)).contains("the journal waits for the disk");
    }

    @Test
    void aHungOwnerDoesNotHoldUpAStop() {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1);
        ((AppendResult.Stored) append(log)).durable().join();
        owner.execute(() -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(engine.close(SHORT)).anySatisfy(
                it -> assertThat(it).startsWith("the last checkpoint"));
    }
}
