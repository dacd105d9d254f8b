package io.taffrail.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A batch that decompresses beyond the limit is skipped, and all others are read. */
class InflationTest {

    private static final int MEBIBYTE = 1 << 20;

    private final MemoryLogEngine engine = new MemoryLogEngine(InstantSource.system());
    private final OwnerThread owner = new OwnerThread();
    private final WritableLog log = open();
    private final LostRanges lost = new LostRanges(log.id());
    private final ReadWindow window = new ReadWindow(log, lost);

    private WritableLog open() {
        return OwnerThread.await(engine.openForWrite(new LogId("bomb"),
                engine.metaStore().acquire("bomb").join(),
                new LogOptions(Durability.FSYNC, ByteSize.mebibytes(64), Duration.ofDays(1), 4096,
                        OptionalLong.empty(), OptionalLong.empty(), false, CompactionOptions.off(),
                        Duration.ofDays(1)),
                owner));
    }

    @AfterEach
    void close() {
        window.release();
        owner.close();
        engine.close();
    }

    private void append(BatchBuilder batch) {
        AppendResult result = owner.call(() -> log.append(batch.build()));
        assertThat(result).isInstanceOfSatisfying(AppendResult.Stored.class,
                stored -> stored.durable().join());
    }

    private static BatchBuilder zeros(int records, int bytesOfEach) {
        BatchBuilder batch = new BatchBuilder().codec(Codec.GZIP);
        for (int index = 0; index < records; index++) {
            batch.add(1, null, ByteBuffer.allocate(bytesOfEach), List.of());
        }
        return batch;
    }

    @Test
    void oneRecordThatIsTooLargeIsPassedOver() {
        append(zeros(1, 80 * MEBIBYTE));
        append(zeros(2, 10));

        assertThat(window.seek(0)).isTrue();

        assertThat(window.message().offset()).isEqualTo(1);
        assertThat(lost.contains(0)).isTrue();
        assertThat(lost.contains(1)).isFalse();
        assertThat(window.seek(2)).isTrue();
        assertThat(window.message().bodyBytes()).isEqualTo(10);
    }

    @Test
    void recordsBeforeItIsTooMuchAreRead() {
        append(zeros(10, 8 * MEBIBYTE));
        append(zeros(1, 10));

        for (int offset = 0; offset < 7; offset++) {
            assertThat(window.seek(offset)).isTrue();
            assertThat(window.message().offset()).isEqualTo(offset);
        }
        assertThat(window.holdsMuch()).isTrue();
        assertThat(window.seek(7)).isTrue();
        window.release();

        assertThat(window.holdsMuch()).isFalse();
        assertThat(window.seek(8)).isTrue();
        assertThat(window.message().offset()).isEqualTo(10);
        assertThat(lost.contains(9)).isTrue();
        assertThat(lost.contains(10)).isFalse();
    }
}
