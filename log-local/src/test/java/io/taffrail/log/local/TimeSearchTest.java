package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client's batch of few bytes may have a very large record. */
class TimeSearchTest {

    private static final int LARGE_BYTES = 32 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory
            .getThreadMXBean();

    @ParameterizedTest
    @EnumSource
    void aLargeRecordTakesNoMemory(Codec codec) {
        byte[] key = {1};
        ByteBuffer batch = new BatchBuilder().codec(codec).add(100, key, new byte[LARGE_BYTES])
                .add(200, key, new byte[LARGE_BYTES]).add(300, key, key).build();
        long before = THREADS.getCurrentThreadAllocatedBytes();

        var found = TimeSearch.firstAtOrAfter(batch, 201, 0);

        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(found.map(TimedOffset::offset)).contains(2L);
        assertThat(found.map(TimedOffset::timestampMs)).contains(300L);
        assertThat(allocated).isLessThan(LARGE_BYTES / 2);
    }
}
