package io.taffrail.cli.log;

import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report of {@code taffrail log cleaner} as text: a table of the logs, the causes of those that
 * cannot be compacted, and the totals.
 *
 * @param logs
 *            one object for each log
 * @param totals
 *            the last object of the report
 */
record CleanerText(List<Map<?, ?>> logs, Map<?, ?> totals) {

    void print(Output out) {
        if (!logs.isEmpty()) {
            Table table = new Table("LOG", "STATE", "DIRTY", "DIRTY BYTES", "FIRST DIRTY",
                    "LAST ROUND", "TOOK", "READ", "WRITTEN", "KEPT", "REMOVED");
            logs.forEach(log -> row(table, log));
            table.print(out);
            out.line("");
        }
        logs.stream().filter(log -> log.containsKey("reason"))
                .forEach(log -> out.line("failed           " + log.get("name") + ": "
                        + log.get("reason")));
        out.line(
                "since the start  %s rounds, %s failed; %s bytes read, %s written; %s records kept,"
                        .formatted(totals.get("rounds"), totals.get("failures"),
                                totals.get("bytes_read"),
                                totals.get("bytes_written"), totals.get("records_kept"))
                        + " " + totals.get("records_removed") + " removed");
        out.line("threads          " + totals.get("threads") + ", rate limit "
                + (totals.containsKey("max_bytes_per_second")
                        ? totals.get("max_bytes_per_second") + " bytes/s"
                        : "none")
                + ", waited for it " + totals.get("throttled_ms") + " ms");
        out.line("memory for keys  " + totals.get("reserved_bytes") + " of "
                + totals.get("dedupe_buffer_bytes") + " bytes");
    }

    private static void row(Table table, Map<?, ?> log) {
        Map<?, ?> run = log.get("last_run") instanceof Map<?, ?> last ? last : Map.of();
        table.row(log.get("name"), state(log), percent(log.get("dirty_ratio")),
                log.get("dirty_bytes"), log.get("first_dirty_offset"), shown(run.get("ended")),
                run.containsKey("duration_ms") ? run.get("duration_ms") + " ms" : "-",
                shown(run.get("bytes_read")), shown(run.get("bytes_written")),
                shown(run.get("records_kept")), shown(run.get("records_removed")));
    }

    private static String state(Map<?, ?> log) {
        String state = String.valueOf(log.get("state"));
        return switch (state) {
            case "idle" -> Boolean.TRUE.equals(log.get("due")) ? "due" : state;
            case "cleaning", "throttled" -> state + " " + log.get("percent") + " %";
            case "backing_off" -> "backing off until " + log.get("next_try");
            default -> state;
        };
    }

    private static String percent(@Nullable Object ratio) {
        return ratio instanceof BigDecimal number
                ? number.movePointRight(2).setScale(0, RoundingMode.HALF_UP) + " %"
                : "-";
    }

    private static Object shown(@Nullable Object value) {
        return value == null ? "-" : value;
    }
}
