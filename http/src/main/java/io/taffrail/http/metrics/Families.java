package io.taffrail.http.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.taffrail.log.spi.EngineFigures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The values of one scrape, by metric. Names of counters are given without {@code _total}, which
 * the formats add. Not thread-safe.
 */
final class Families {

    private static final double US_PER_SECOND = 1e6;

    private final Map<String, Family<?>> families = new LinkedHashMap<>();

    /** A metric with its values. */
    private record Family<T extends DataPointSnapshot>(List<T> points,
            Function<List<T>, MetricSnapshot> make) {}

    @SuppressWarnings("unchecked") // A name is used for one kind of metric only.
    private <T extends DataPointSnapshot> void add(String name, T point,
            Function<List<T>, MetricSnapshot> make) {
        ((Family<T>) families.computeIfAbsent(name,
                _ -> new Family<>(new ArrayList<T>(), make))).points().add(point);
    }

    private static Labels labels(String... namesAndValues) {
        return namesAndValues.length == 0 ? Labels.EMPTY : Labels.of(namesAndValues);
    }

    /** Adds a value that can fall. */
    void gauge(String name, String help, double value, String... labels) {
        add(name, new GaugeDataPointSnapshot(value, labels(labels), null),
                points -> new GaugeSnapshot(new MetricMetadata(name, help), points));
    }

    /** Adds a whole number that can fall. */
    void gauge(String name, String help, long value, String... labels) {
        gauge(name, help, (double) value, labels);
    }

    /** Adds a whole number that only grows while the process lives. */
    void counter(String name, String help, long value, String... labels) {
        counter(name, help, (double) value, labels);
    }

    /** Adds a value that only grows while the process lives. */
    void counter(String name, String help, double value, String... labels) {
        add(name, new CounterDataPointSnapshot(value, labels(labels), null, 0),
                points -> new CounterSnapshot(new MetricMetadata(name, help), points));
    }

    /** Adds constant texts. */
    void info(String name, String help, String... labels) {
        add(name, new InfoDataPointSnapshot(labels(labels)),
                points -> new InfoSnapshot(new MetricMetadata(name, help), points));
    }

    /** Adds times by their class, as {@link EngineFigures#classesUs} divides them. */
    void times(String name, String help, long[] classes, long totalUs, String... labels) {
        long[] ends = EngineFigures.classesUs();
        double[] seconds = new double[ends.length + 1];
        for (int index = 0; index < ends.length; index++) {
            seconds[index] = ends[index] / US_PER_SECOND;
        }
        seconds[ends.length] = Double.POSITIVE_INFINITY;
        add(name, HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(seconds, classes))
                .sum(totalUs / US_PER_SECOND).labels(labels(labels)).build(),
                points -> new HistogramSnapshot(new MetricMetadata(name, help), points));
    }

    /** All metrics. */
    MetricSnapshots snapshots() {
        List<MetricSnapshot> all = new ArrayList<>(families.size());
        families.values().forEach(family -> all.add(made(family)));
        return new MetricSnapshots(all);
    }

    private static <T extends DataPointSnapshot> MetricSnapshot made(Family<T> family) {
        return family.make().apply(family.points());
    }
}
