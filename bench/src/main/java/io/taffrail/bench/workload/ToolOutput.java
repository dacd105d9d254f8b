package io.taffrail.bench.workload;

import io.taffrail.bench.report.Metric;
import io.taffrail.bench.report.Readings;
import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Parses the output of Kafka's performance tools, PerfTest, {@link PacedClient} and
 * {@link TransactionalClient}.
 */
final class ToolOutput {
    private static final Pattern PRODUCER = Pattern.compile(
            "^(\\d+) records sent, ([\\d.]+) records/sec .*?, ([\\d.]+) ms avg latency, ([\\d.]+) ms max latency, (\\d+) ms 50th, \\d+ ms 95th, (\\d+) ms 99th, (\\d+) ms 99\\.9th\\.$");
    private static final Pattern END_TO_END_AVG = Pattern.compile("^Avg latency: ([\\d.]+) ms$");
    private static final Pattern END_TO_END_PERCENTILES = Pattern
            .compile("^Percentiles: 50th = (\\d+), 99th = (\\d+), 99\\.9th = (\\d+)$");
    private static final Pattern PACED = Pattern.compile(
            "^paced received=(\\d+) avg_ms=([\\d.]+) p50_ms=([\\d.]+) p99_ms=([\\d.]+) p999_ms=([\\d.]+) max_ms=([\\d.]+)$");

    private static final Pattern TRANSACTIONAL = Pattern.compile(
            "^transactional records=(\\d+) per_s=([\\d.]+) commits=\\d+ avg_ms=([\\d.]+) p50_ms=([\\d.]+) p99_ms=([\\d.]+) max_ms=([\\d.]+)$");
    private static final Pattern WORD_COUNT = Pattern
            .compile("^wordcount words=(\\d+) per_s=([\\d.]+)$");

    private static final Pattern SENDING = Pattern.compile(".*, sending rate avg: (\\d+) msg/s$");
    private static final Pattern RECEIVING = Pattern
            .compile(".*, receiving rate avg: (\\d+) msg/s$");
    private static final Pattern CONSUMER_LATENCY = latency("consumer");
    private static final Pattern CONFIRM_LATENCY = latency("confirm");

    private ToolOutput() {}

    private static Pattern latency(String whose) {
        return Pattern.compile("id: [^,]*, " + whose
                + " latency min/median/75th/95th/99th \\d+/(\\d+)/\\d+/\\d+/(\\d+) µs$");
    }

    static void producer(List<String> lines, long records, Readings into) throws IOException {
        MatchResult total = last(lines, PRODUCER);
        requireCount(Long.parseLong(total.group(1)), records);
        into.with(Metric.RECORDS_PER_S, number(total, 2))
                .with(Metric.LATENCY_AVG_MS, number(total, 3))
                .with(Metric.LATENCY_MAX_MS, number(total, 4))
                .with(Metric.LATENCY_P50_MS, number(total, 5))
                .with(Metric.LATENCY_P99_MS, number(total, 6))
                .with(Metric.LATENCY_P999_MS, number(total, 7));
    }

    /** Columns are found by their headings, because releases add columns. */
    static void consumer(List<String> lines, long records, Readings into) throws IOException {
        List<String[]> rows = lines.stream().filter(line -> line.contains(", "))
                .map(line -> line.split(", ")).toList();
        List<String> heading = rows.stream().filter(row -> row[0].equals("start.time")).findFirst()
                .map(List::of).orElseThrow(() -> unreadable(lines));
        String[] total = rows.getLast();
        requireCount(Long.parseLong(total[column(heading, "data.consumed.in.nMsg")]), records);
        into
                .with(Metric.RECORDS_PER_S,
                        Double.parseDouble(total[column(heading, "fetch.nMsg.sec")]))
                .with(Metric.RECORDS_PER_S_WITH_JOIN,
                        Double.parseDouble(total[column(heading, "nMsg.sec")]));
    }

    static void endToEnd(List<String> lines, Readings into) throws IOException {
        MatchResult percentiles = last(lines, END_TO_END_PERCENTILES);
        into.with(Metric.LATENCY_AVG_MS, number(last(lines, END_TO_END_AVG), 1))
                .with(Metric.LATENCY_P50_MS, number(percentiles, 1))
                .with(Metric.LATENCY_P99_MS, number(percentiles, 2))
                .with(Metric.LATENCY_P999_MS, number(percentiles, 3));
    }

    static void paced(List<String> lines, long records, Readings into) throws IOException {
        MatchResult total = last(lines, PACED);
        requireCount(Long.parseLong(total.group(1)), records);
        into.with(Metric.LATENCY_AVG_MS, number(total, 2))
                .with(Metric.LATENCY_P50_MS, number(total, 3))
                .with(Metric.LATENCY_P99_MS, number(total, 4))
                .with(Metric.LATENCY_P999_MS, number(total, 5))
                .with(Metric.LATENCY_MAX_MS, number(total, 6));
    }

    static void transactional(List<String> lines, long records, Readings into)
            throws IOException {
        MatchResult total = last(lines, TRANSACTIONAL);
        requireCount(Long.parseLong(total.group(1)), records);
        into.with(Metric.RECORDS_PER_S, number(total, 2))
                .with(Metric.LATENCY_AVG_MS, number(total, 3))
                .with(Metric.LATENCY_P50_MS, number(total, 4))
                .with(Metric.LATENCY_P99_MS, number(total, 5))
                .with(Metric.LATENCY_MAX_MS, number(total, 6));
    }

    static void wordCount(List<String> lines, long words, Readings into) throws IOException {
        MatchResult total = last(lines, WORD_COUNT);
        requireCount(Long.parseLong(total.group(1)), words);
        into.with(Metric.RECORDS_PER_S, number(total, 2));
    }

    /**
     * Reads PerfTest's rates and latencies: those of consumers if there are
     * any, otherwise of confirms.
     */
    static void perfTest(List<String> lines, boolean consumes, Readings into) throws IOException {
        MatchResult latency = last(lines, consumes ? CONSUMER_LATENCY : CONFIRM_LATENCY);
        into.with(Metric.RECORDS_PER_S, number(last(lines, consumes ? RECEIVING : SENDING), 1))
                .with(Metric.LATENCY_P50_MS, number(latency, 1) / 1000)
                .with(Metric.LATENCY_P99_MS, number(latency, 2) / 1000);
    }

    private static int column(List<String> heading, String name) throws IOException {
        int index = heading.indexOf(name);
        if (index < 0) {
            throw new IOException("no column " + name + " in " + heading);
        }
        return index;
    }

    private static MatchResult last(List<String> lines, Pattern pattern) throws IOException {
        return lines.reversed().stream().map(pattern::matcher).filter(m -> m.matches()).findFirst()
                .orElseThrow(() -> unreadable(lines)).toMatchResult();
    }

    private static double number(MatchResult match, int group) {
        return Double.parseDouble(match.group(group));
    }

    private static void requireCount(long found, long wanted) throws IOException {
        if (found < wanted) {
            throw new IOException("the client handled " + found + " of " + wanted + " records");
        }
    }

    private static IOException unreadable(List<String> lines) {
        return new IOException("the client printed no result:\n" + String.join("\n", lines));
    }
}
