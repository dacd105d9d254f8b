package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.segment.SegmentInfo;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogPlanTest {

    private final LogPlan plan = new LogPlan(new LogId("a"), Durability.FSYNC);

    private static ByteBuffer batch(long baseOffset) {
        ByteBuffer batch = new BatchBuilder().add(1, null, new byte[9]).build();
        BatchHeader.stamp(batch, 0, baseOffset, 1);
        return batch;
    }

    /** A recovery that died before its checkpoint may have deleted the segment already. */
    @Test
    void aSegmentThatWasRewrittenBelowTheStartNeedNotBeThere() {
        plan.append(0, 0, batch(0));
        plan.trimTo(1);
        plan.append(1, 0, batch(1));
        plan.replace(0, 1, List.of(new SegmentInfo(0, 1, 80, 1, 1, 0, 0)));
        assertThat(plan.parts()).hasSize(2);

        plan.dropTrimmed();

        assertThat(plan.parts()).singleElement()
                .satisfies(part -> assertThat(part.info().baseOffset()).isEqualTo(1));
    }
}
