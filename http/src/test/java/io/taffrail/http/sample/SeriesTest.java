package io.taffrail.http.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.http.sample.Series.Point;
import org.junit.jupiter.api.Test;

/** A series tells rates and values at regular times from the samples that it kept. */
class SeriesTest {

    @Test
    void theRateIsThatOfTheTwoNewestSamples() {
        Series series = new Series(2);
        series.add(1000, new long[]{5});
        assertThat(series.rate(0)).isZero();
        series.add(3000, new long[]{5});
        series.add(8000, new long[]{105});

        assertThat(series.rate(0)).isEqualTo(20);
        assertThat(series.size()).isEqualTo(2);
    }

    @Test
    void pointsAreTheLastSampleBeforeEachTime() {
        Series series = new Series(8);
        series.add(10_100, new long[]{1});
        series.add(15_100, new long[]{2});
        series.add(20_100, new long[]{3});

        assertThat(series.points(0, 22_000, 60_000, 5_000)).containsExactly(
                new Point(20_000, 2), new Point(15_000, 1));
        assertThat(series.points(0, 22_000, 1_000, 5_000)).isEmpty();
    }

    @Test
    void watchedObjectsKeepMoreSamples() {
        Samples samples = new Samples();
        for (int round = 0; round < 5; round++) {
            samples.begin();
            samples.add("v", "watched", round, new long[]{round});
            samples.add("v", "other", round, new long[]{round});
            if (round < 4) {
                samples.add("v", "gone", round, new long[]{round});
            }
            samples.end();
            assertThat(samples.watch("v", "watched")).isPresent();
        }

        assertThat(samples.find("v", "watched").orElseThrow().size()).isEqualTo(5);
        assertThat(samples.find("v", "other").orElseThrow().size()).isEqualTo(2);
        assertThat(samples.find("v", "gone")).isEmpty();
    }
}
