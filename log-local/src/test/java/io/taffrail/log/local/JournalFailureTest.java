package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails under the journal. */
final class JournalFailureTest {

    @TempDir
    private Path dir;
    private final AtomicBoolean broken = new AtomicBoolean();
    private volatile String failure = "Input/output error";

    @Test
    void tellsOnceThatNothingMoreIsStored() throws Exception {
        CompletableFuture<LogFailedException> told = new CompletableFuture<>();
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, RecoveryTest.SMALL,
                    new Environment(failing(Disk.real(), Disk.class), new ManualClock(),
                            Threads.platform()));
            engine.onFailure(told::complete);
            WritableLog log = SampleDirectory.writer(engine, SampleDirectory.A, 1, owner);
            broken.set(true);
            var durable = owner.call(() -> ((AppendResult.Stored) log
                    .append(new BatchBuilder().add(1, null, new byte[9]).build())).durable());
            assertThat(durable.handle((none, failure) -> failure != null).get()).isTrue();
            assertThat(told.get()).hasMessageContaining("the journal failed; restart to recover");
            engine.abandon();
        }
    }

    @Test
    void aStartWithoutRoomForTheJournalSaysWhatToDo() {
        failure = "No space left on device";
        broken.set(true);

        assertThatThrownBy(() -> LocalLogEngine.open(dir, RecoveryTest.SMALL,
                new Environment(failing(Disk.real(), Disk.class), new ManualClock(),
                        Threads.platform())))
                .isInstanceOf(LogFailedException.class)
                .hasMessageContaining("the disk of " + dir + " is full")
                .hasMessageContaining("make room, then start again");

        broken.set(false);
        LocalLogEngine.open(dir, RecoveryTest.SMALL, new ManualClock()).close();
    }

    /** The journal's files fail when they are written or forced. */
    private <T> T failing(T real, Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, method, args) -> {
                    boolean journal = args != null && args[0] instanceof Path path
                            && path.toString().endsWith(".journal");
                    if (broken.get() && type == DiskFile.class
                            && (method.getName().equals("write")
                                    || method.getName().equals("force"))) {
                        throw new IOException(failure);
                    }
                    try {
                        Object result = method.invoke(real, args);
                        return journal && result instanceof DiskFile file
                                ? failing(file, DiskFile.class)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
