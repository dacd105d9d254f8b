package io.taffrail.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The medians, ratios and raw pairs of one scenario's runs. */
public final class Summary {
    private final List<Run> runs;

    public Summary(List<Run> runs) {
        this.runs = List.copyOf(runs);
    }

    /**
     * Returns a table with a row for each metric that both variants have; empty if there is none.
     */
    public Optional<Table> comparison(Comparison pair) {
        var table = new Table("metric", pair.taffrail(), pair.other(), "ratio of medians",
                "median of pair ratios", "pairs");
        boolean any = false;
        for (Metric metric : Metric.values()) {
            List<double[]> pairs = pairs(metric, pair);
            if (!pairs.isEmpty()) {
                table.row(comparisonRow(metric, pairs));
                any = true;
            }
        }
        return any ? Optional.of(table) : Optional.empty();
    }

    /** Returns a table with the metrics of a single variant, for a run without the other broker. */
    public Table alone(String variant) {
        var table = new Table("metric", variant, "runs");
        for (Metric metric : Metric.values()) {
            List<Double> values = values(metric, variant);
            if (!values.isEmpty()) {
                table.row(metric.label(), metric.format(Stats.median(values)),
                        values.stream().map(metric::format).collect(Collectors.joining("; ")));
            }
        }
        return table;
    }

    private static String[] comparisonRow(Metric metric, List<double[]> pairs) {
        double first = Stats.median(pairs.stream().map(p -> p[0]).toList());
        double second = Stats.median(pairs.stream().map(p -> p[1]).toList());
        double pairwise = Stats.median(pairs.stream().map(p -> p[0] / p[1]).toList());
        String raw = pairs.stream().map(p -> metric.format(p[0]) + " / " + metric.format(p[1]))
                .collect(Collectors.joining("; "));
        return new String[]{metric.label(), metric.format(first), metric.format(second),
            ratio(first / second), ratio(pairwise), raw};
    }

    private static String ratio(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "-";
    }

    /** Returns the values of the rounds in which both variants ran. */
    private List<double[]> pairs(Metric metric, Comparison pair) {
        var pairs = new ArrayList<double[]>();
        for (Run run : runs) {
            if (run.variant().equals(pair.taffrail())) {
                Optional<Double> first = Optional.ofNullable(run.readings().values().get(metric));
                Optional<Double> second = value(metric, pair.other(), run.round());
                if (first.isPresent() && second.isPresent()) {
                    pairs.add(new double[]{first.get(), second.get()});
                }
            }
        }
        return pairs;
    }

    private Optional<Double> value(Metric metric, String variant, int round) {
        return runs.stream().filter(run -> run.variant().equals(variant) && run.round() == round)
                .map(run -> run.readings().values()).filter(values -> values.containsKey(metric))
                .map(values -> values.get(metric)).findFirst();
    }

    private List<Double> values(Metric metric, String variant) {
        return runs.stream().filter(run -> run.variant().equals(variant))
                .map(run -> run.readings().values()).filter(values -> values.containsKey(metric))
                .map(values -> values.get(metric)).toList();
    }
}
