package io.taffrail.verify.report;

import io.taffrail.verify.check.Anomaly;
import io.taffrail.verify.check.Findings;
import io.taffrail.verify.check.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats findings for people: counts, a timeline, anomalies and a verdict. */
public final class TextReport {

    private static final int MOST_ROWS = 40;
    private static final int BAR = 30;
    private static final int[] STEPS = {1, 2, 5, 10, 20, 50, 100, 200, 600, 1200, 3000, 6000,
        18_000, 36_000, 216_000};

    private TextReport() {}

    /** Returns the whole report. */
    public static String of(String subject, Findings findings) {
        StringBuilder out = new StringBuilder(4096);
        out.append("verify  ").append(subject).append('\n');
        counts(findings.tally(), out);
        transactions(findings.tally(), out);
        timeline(findings.timeline(), out);
        for (Anomaly.Kind kind : Anomaly.Kind.values()) {
            anomalies(findings, kind, out);
        }
        out.append("verdict  ").append(verdict(findings)).append('\n');
        return out.toString();
    }

    private static void counts(Findings.Tally tally, StringBuilder out) {
        out.append(String.format(Locale.ROOT,
                "sent %,d  acknowledged %,d  unknown %,d  refused %,d%n", tally.sent(),
                tally.acknowledged(), tally.unknown(), tally.refused()));
        out.append(String.format(Locale.ROOT,
                "found %,d  of these recovered (their outcome was unknown) %,d%n",
                tally.stored(), tally.recovered()));
        out.append(String.format(Locale.ROOT,
                "delivered %,d  of these again (at-least-once allows it) %,d%n",
                tally.delivered(), tally.repeated()));
    }

    private static void transactions(Findings.Tally tally, StringBuilder out) {
        if (tally.transactions() > 0) {
            out.append(String.format(Locale.ROOT,
                    "transactions %,d  committed %,d  aborted %,d  unknown %,d"
                            + "  interleaved (Kafka allows it) %,d%n",
                    tally.transactions(), tally.committed(), tally.aborted(), tally.undecided(),
                    tally.interleaved()));
        }
    }

    private static void timeline(Timeline timeline, StringBuilder out) {
        int steps = timeline.acknowledgedSteps();
        if (steps == 0) {
            return;
        }
        int width = width(steps - timeline.firstAcknowledgedStep());
        double seconds = width * Timeline.STEP_NS / 1e9;
        long most = 1;
        for (int from = 0; from < steps; from += width) {
            most = Math.max(most, timeline.acknowledged(from, from + width));
        }
        out.append("\n      time     acks/s\n");
        int first = timeline.firstAcknowledgedStep() / width * width;
        for (int from = first; from < steps; from += width) {
            long count = timeline.acknowledged(from, from + width);
            String bar = "#".repeat((int) ((count * BAR + most - 1) / most));
            String row = String.format(Locale.ROOT, "%8.1f s %,10.0f  %-" + BAR + "s  %s",
                    from * Timeline.STEP_NS / 1e9, count / seconds, bar,
                    marks(timeline, from, from + width, from + width >= steps));
            out.append(row.stripTrailing()).append('\n');
        }
        out.append('\n');
    }

    private static int width(int steps) {
        for (int width : STEPS) {
            if ((steps + width - 1) / width <= MOST_ROWS) {
                return width;
            }
        }
        return STEPS[STEPS.length - 1];
    }

    private static String marks(Timeline timeline, int from, int to, boolean last) {
        List<String> marks = new ArrayList<>();
        int end = last ? Integer.MAX_VALUE : to;
        for (Timeline.Fault fault : timeline.faults()) {
            if (within(fault.beginNs(), from, end)) {
                marks.add(fault.name());
            }
            if (fault.endNs() >= 0 && within(fault.endNs(), from, end)) {
                marks.add("serving again");
            }
        }
        for (Anomaly.Kind kind : Anomaly.Kind.values()) {
            long count = timeline.anomalies(kind, from, end);
            if (count > 0) {
                marks.add(String.format(Locale.ROOT, "%,d %s", count, kind.label()));
            }
        }
        return String.join(", ", marks);
    }

    private static boolean within(long timeNs, long from, long to) {
        return timeNs / Timeline.STEP_NS >= from && timeNs / Timeline.STEP_NS < to;
    }

    private static void anomalies(Findings findings, Anomaly.Kind kind, StringBuilder out) {
        long count = findings.count(kind);
        if (count == 0) {
            return;
        }
        out.append(String.format(Locale.ROOT, "%s  %,d%n", kind.label(), count));
        for (Anomaly anomaly : findings.examples(kind)) {
            out.append("  ").append(anomaly.place()).append("  ").append(anomaly.text())
                    .append('\n');
        }
        if (count > findings.examples(kind).size()) {
            out.append(String.format(Locale.ROOT, "  and %,d more%n",
                    count - findings.examples(kind).size()));
        }
    }

    private static String verdict(Findings findings) {
        if (findings.anomalies() > 0) {
            List<String> kinds = new ArrayList<>();
            for (Anomaly.Kind kind : Anomaly.Kind.values()) {
                if (findings.count(kind) > 0) {
                    kinds.add(String.format(Locale.ROOT, "%,d %s", findings.count(kind),
                            kind.label()));
                }
            }
            return "broken: " + String.join(", ", kinds);
        }
        return findings.unchecked().isEmpty()
                ? "no anomaly"
                : "none possible: " + String.join("; ", findings.unchecked());
    }
}
