package io.taffrail.verify.report;

import io.taffrail.verify.check.Anomaly;
import io.taffrail.verify.check.Findings;

/** Formats findings for programs: a flat JSON object of numbers in one line. */
public final class JsonReport {

    private JsonReport() {}

    public static String of(long seed, Findings findings) {
        Findings.Tally tally = findings.tally();
        StringBuilder out = new StringBuilder(256);
        out.append("{\"seed\":").append(seed);
        number(out, "sent", tally.sent());
        number(out, "acknowledged", tally.acknowledged());
        number(out, "acknowledged_before_faults", findings.timeline().acknowledgedBeforeFaults());
        number(out, "unknown", tally.unknown());
        number(out, "refused", tally.refused());
        number(out, "found", tally.stored());
        number(out, "recovered", tally.recovered());
        number(out, "delivered", tally.delivered());
        number(out, "again", tally.repeated());
        number(out, "transactions", tally.transactions());
        number(out, "committed", tally.committed());
        number(out, "aborted", tally.aborted());
        number(out, "undecided", tally.undecided());
        number(out, "interleaved", tally.interleaved());
        number(out, "faults", findings.timeline().faults().size());
        for (Anomaly.Kind kind : Anomaly.Kind.values()) {
            number(out, kind.label(), findings.count(kind));
        }
        number(out, "unchecked", findings.unchecked().size());
        return out.append("}\n").toString();
    }

    private static void number(StringBuilder out, String name, long value) {
        out.append(",\"").append(name.replace('-', '_')).append("\":").append(value);
    }
}
