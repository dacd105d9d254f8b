package io.taffrail.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.bench.broker.Peer;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Comparison PAIR = new Comparison("Taffrail", "Kafka");

    @Test
    void showsBothRatiosAndEveryPair() {
        var summary = new Summary(List.of(run("Taffrail", 1, 100), run("Kafka", 1, 50),
                run("Taffrail", 2, 300), run("Kafka", 2, 100), run("Taffrail", 3, 110),
                run("Kafka", 3, 100)));

        assertThat(summary.comparison(PAIR).orElseThrow().markdown())
                .contains(
                        "| records/s | 110 | 100 | 1.10 | 2.00 | 100 / 50; 300 / 100; 110 / 100 |");
    }

    @Test
    void leavesOutARoundOnlyOneSideRan() {
        var summary = new Summary(
                List.of(run("Taffrail", 1, 100), run("Kafka", 1, 50), run("Taffrail", 2, 900)));

        assertThat(summary.comparison(PAIR).orElseThrow().markdown())
                .contains("| records/s | 100 | 50 | 2.00 | 2.00 | 100 / 50 |");
    }

    @Test
    void comparesNothingWithoutTheOtherSide() {
        assertThat(new Summary(List.of(run("Kafka", 1, 50))).comparison(PAIR)).isEmpty();
    }

    @Test
    void takesTheMeanOfTheMiddleTwo() {
        assertThat(Stats.median(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(2.5);
    }

    @Test
    void ranksPercentilesFromOne() {
        long[] hundred = java.util.stream.LongStream.rangeClosed(1, 100).toArray();

        assertThat(Stats.percentile(hundred, 0.5)).isEqualTo(50);
        assertThat(Stats.percentile(hundred, 0.99)).isEqualTo(99);
        assertThat(Stats.percentile(hundred, 0.999)).isEqualTo(100);
    }

    private static Run run(String variant, int round, double recordsPerSecond) {
        return new Run("s", variant, Peer.KAFKA, round,
                new Readings().with(Metric.RECORDS_PER_S, recordsPerSecond));
    }
}
