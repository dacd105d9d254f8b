package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class OwnerAppendTest {

    private final MemoryLogEngine engine = new MemoryLogEngine(new SetClock());
    private final WritableLog log = engine.openForWrite(new LogId("l"), new Lease("l", 1),
            LogOptions.defaults(), Owner.direct()).join();
    private final OwnerAppend append = new OwnerAppend(log, ByteBuffer.allocate(10));

    @Test
    void appendGivenUpNeverHappens() {
        assertThatThrownBy(() -> append.await(new OwnGroupThreads(), 1))
                .isInstanceOf(TimeoutException.class);

        engine.failNextAppend(Refusal.DISK_FULL);
        append.run();

        // The append did not reach the log, so the injected failure hits the next one.
        assertThat(log.append(ByteBuffer.allocate(10)))
                .isInstanceOfSatisfying(AppendResult.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.DISK_FULL));
    }

    @Test
    void waitEndsWithTheLogsAnswer() {
        append.run();

        assertThat(append.await(new OwnGroupThreads(), 1)).isInstanceOfSatisfying(
                AppendResult.Refused.class,
                refused -> assertThat(refused.reason()).isEqualTo(Refusal.CORRUPT_BATCH));
    }
}
