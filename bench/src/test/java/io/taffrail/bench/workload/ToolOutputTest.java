package io.taffrail.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.bench.report.Metric;
import io.taffrail.bench.report.Readings;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolOutputTest {
    @Test
    void takesTheProducersLastLine() throws IOException {
        var lines = List.of(
                "16057 records sent, 2395.9 records/sec (2.34 MB/sec), 328.2 ms avg latency, 6025.0 ms max latency.",
                "20000 records sent, 543.345377 records/sec (0.53 MB/sec), 4210.87 ms avg latency, 36077.00 ms max latency, 346 ms 50th, 24560 ms 95th, 36067 ms 99th, 36076 ms 99.9th.");
        var readings = new Readings();

        ToolOutput.producer(lines, 20_000, readings);

        assertThat(readings.values()).containsEntry(Metric.RECORDS_PER_S, 543.345377)
                .containsEntry(Metric.LATENCY_P50_MS, 346.0)
                .containsEntry(Metric.LATENCY_P99_MS, 36067.0);
    }

    @Test
    void findsTheConsumersColumnsByTheirHeading() throws IOException {
        var lines = List.of(
                "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec",
                "2026-11-22 12:48:00:127, 2026-11-22 12:48:04:531, 146.4844, 33.26, 150000, 34059.9455, 3583, 821, 178.42, 182704.0195");
        var readings = new Readings();

        ToolOutput.consumer(lines, 150_000, readings);

        assertThat(readings.values()).containsEntry(Metric.RECORDS_PER_S, 182704.0195)
                .containsEntry(Metric.RECORDS_PER_S_WITH_JOIN, 34059.9455);
    }

    @Test
    void takesTheRateAndTheLatencyOfCommits() throws IOException {
        var readings = new Readings();

        ToolOutput.transactional(List.of("transactional records=500 per_s=1234.5 commits=7"
                + " avg_ms=1.500 p50_ms=1.250 p99_ms=9.750 max_ms=12.000"), 500, readings);

        assertThat(readings.values()).containsEntry(Metric.RECORDS_PER_S, 1234.5)
                .containsEntry(Metric.LATENCY_P50_MS, 1.25)
                .containsEntry(Metric.LATENCY_P99_MS, 9.75);
    }

    @Test
    void refusesARunThatFellShort() {
        var lines = List
                .of("paced received=9 avg_ms=1.0 p50_ms=1.0 p99_ms=1.0 p999_ms=1.0 max_ms=1.0");

        assertThatThrownBy(() -> ToolOutput.paced(lines, 10, new Readings()))
                .isInstanceOf(IOException.class).hasMessageContaining("9 of 10");
    }

    @Test
    void showsOutputItCannotRead() {
        assertThatThrownBy(() -> ToolOutput.endToEnd(List.of("boom"), new Readings()))
                .isInstanceOf(IOException.class).hasMessageContaining("boom");
    }
}
