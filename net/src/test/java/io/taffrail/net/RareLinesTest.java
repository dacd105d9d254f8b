package io.taffrail.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RareLinesTest {

    /** Near the end of the range, because elapsed time has any origin and may wrap around. */
    private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 1);
    private final RareLines lines = new RareLines(nowNs::get);

    @Test
    void oneLineAMinuteForEachCauseGivesTheNumberSinceTheLast() {
        assertThat(lines.count("a")).isEqualTo(1);
        assertThat(lines.count("a")).isZero();
        assertThat(lines.count("b")).isEqualTo(1);
        nowNs.addAndGet(TimeUnit.SECONDS.toNanos(59));
        assertThat(lines.count("a")).isZero();
        nowNs.addAndGet(TimeUnit.SECONDS.toNanos(1));

        assertThat(lines.count("a")).isEqualTo(3);
        assertThat(lines.count("a")).isZero();
        assertThat(lines.total("a")).isEqualTo(5);
        assertThat(lines.total("c")).isZero();
    }
}
