package io.taffrail.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues that were read once keep no more memory together than there is room for. */
class ReadRoomTest {

    private static final int BODY_BYTES = 1 << 20;
    private static final int WINDOWS = 40;
    private static final int MOST_AT_ONCE = 10;

    @TempDir
    Path directory = Path.of("");

    private final OwnerThread owner = new OwnerThread();
    private final ReadRoom room = new ReadRoom(1);
    private final List<ReadWindow> windows = new ArrayList<>();

    @AfterEach
    void close() {
        owner.close();
    }

    @Test
    void windowsUsedLeastRecentlyLetGoAndReadOnceMore() {
        try (LocalLogEngine engine = LocalLogEngine.open(directory, LocalLogConfig.defaults(),
                InstantSource.system())) {
            WritableLog log = open(engine);
            for (int index = 0; index < WINDOWS; index++) {
                windows.add(new ReadWindow(log, new LostRanges(log.id()), room));
            }

            owner.run(() -> windows.forEach(this::readsAll));
            assertThat(room.keptBytes()).isBetween((long) BODY_BYTES,
                    (long) MOST_AT_ONCE * BODY_BYTES);
            owner.run(() -> windows.forEach(this::readsAll));

            owner.run(() -> windows.forEach(ReadWindow::release));
            assertThat(room.keptBytes()).isZero();
        }
    }

    private void readsAll(ReadWindow window) {
        assertThat(window.seek(0)).isTrue();
        assertThat(window.message().bodyBytes()).isEqualTo(BODY_BYTES);
        assertThat(window.seek(1)).isTrue();
        assertThat(window.message().offset()).isEqualTo(1);
    }

    private WritableLog open(LocalLogEngine engine) {
        WritableLog log = OwnerThread.await(engine.openForWrite(new LogId("queue"),
                engine.metaStore().acquire("queue").join(),
                new LogOptions(Durability.FSYNC, ByteSize.mebibytes(64), Duration.ofDays(1), 4096,
                        OptionalLong.empty(), OptionalLong.empty(), false, CompactionOptions.off(),
                        Duration.ofDays(1)),
                owner));
        for (int index = 0; index < 2; index++) {
            AppendResult result = owner.call(() -> log.append(new BatchBuilder()
                    .add(1, null, ByteBuffer.allocate(BODY_BYTES), List.of()).build()));
            assertThat(result).isInstanceOfSatisfying(AppendResult.Stored.class,
                    stored -> stored.durable().join());
        }
        return log;
    }
}
