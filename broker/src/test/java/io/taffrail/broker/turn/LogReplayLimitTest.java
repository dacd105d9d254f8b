package io.taffrail.broker.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.batch.MalformedBatchException;
import io.taffrail.log.batch.RecordView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A small batch that becomes large when it is decompressed takes no more than its limit. */
final class LogReplayLimitTest {

    private static final int RECORD_BYTES = 16 << 20;

    private static ByteBuffer batch(int records) {
        BatchBuilder builder = new BatchBuilder().codec(Codec.GZIP);
        for (int i = 0; i < records; i++) {
            builder.add(1000, null, new byte[RECORD_BYTES]);
        }
        return builder.build();
    }

    @Test
    void aBatchWithinTheLimitIsRead() {
        List<Long> read = new ArrayList<>();
        assertThat(LogReplay.walk(batch(3), 0, record -> read.add(record.offset()))).isEqualTo(3);
        assertThat(read).containsExactly(0L, 1L, 2L);
    }

    @Test
    void aBatchBeyondItIsRefusedBeforeMemoryIsTaken() {
        List<RecordView> read = new ArrayList<>();
        assertThatThrownBy(() -> LogReplay.walk(batch(5), 0, read::add))
                .isInstanceOf(MalformedBatchException.class).hasMessageContaining("limit");
        assertThat(read).hasSize(3);
    }
}
