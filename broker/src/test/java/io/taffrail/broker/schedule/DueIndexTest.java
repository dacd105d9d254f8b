package io.taffrail.broker.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DueIndexTest {

    private static final int OFFSETS = 20_000;

    private final DueIndex index = new DueIndex();

    @Test
    void everyOffsetComesAtItsTimeAndInOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long nowMs = 1_000_000;
        List<Long> dueMs = new ArrayList<>();
        long[] spans = {1, 1000, 60_000, 3_600_000, 86_400_000, 0xFFFFFFFFL};
        for (int offset = 0; offset < OFFSETS; offset++) {
            long due = nowMs + random.nextLong(spans[random.nextInt(spans.length)]) + 1;
            dueMs.add(due);
            index.add(due, offset, nowMs);
        }
        int left = OFFSETS;
        while (left > 0) {
            assertThat(index.size()).as("seed %d", seed).isEqualTo(left);
            long next = index.nextMs();
            nowMs = Math.max(nowMs, next);
            while (index.open(nowMs, 100, offset -> dueMs.get((int) offset)) > 0) {
                assertThat(index.size()).as("seed %d", seed).isEqualTo(left);
            }
            while (index.isDue(nowMs)) {
                long offset = index.removeFirst();
                assertThat(dueMs.get((int) offset)).as("seed %d", seed).isEqualTo(nowMs);
                left--;
            }
        }
        assertThat(index.nextMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsFarIsNotHeldWithItsTime() {
        long nowMs = 1_000_000;
        for (int offset = 0; offset < OFFSETS; offset++) {
            index.add(nowMs + Duration.ofHours(1).toMillis() + offset, offset, nowMs);
        }

        assertThat(index.nearSize()).isZero();
        assertThat(index.size()).isEqualTo(OFFSETS);
    }

    @Test
    void whatNeedsNoMoreWaitingIsForgotten() {
        index.add(3_600_000, 7, 0);

        while (index.size() > 0) {
            assertThat(index.open(index.nextMs(), 10, offset -> -1)).isEqualTo(1);
        }

        assertThat(index.nextMs()).isEqualTo(Long.MAX_VALUE);
    }
}
