package io.taffrail.cli.top;

import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Style;
import io.taffrail.cli.terminal.Table;
import io.taffrail.cli.top.LoadSample.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Text of one drawing: the process in some lines, then topics and queues, busiest first.
 *
 * @param before
 *            the sample of the drawing before, which rates are relative to; null in the first
 */
record TopView(@Nullable LoadSample before, LoadSample now) {

    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_MS = 1e6;
    private static final String UNKNOWN = "-";

    /** A topic or queue with messages per second, which are -1 if unknown. */
    private record Row(Load load, long in, long out) {}

    void print(Output out) {
        List<Row> rows = now.loads().entrySet().stream().map(it -> row(it.getKey(), it.getValue()))
                .sorted(Comparator.comparingLong((Row row) -> row.in() + row.out()).reversed())
                .toList();
        process(out);
        messages(out, rows);
        if (!Boolean.TRUE.equals(now.status().get("healthy"))) {
            out.line(Style.BAD, "NOT everything is in use: see taffrail status");
        }
        out.line("");
        Table table = new Table("NAME", "VHOST", "KIND", "IN/S", "OUT/S", "READY", "UNACKED",
                "CONSUMERS", "STORED");
        for (Row row : rows) {
            Map<?, ?> fields = row.load().fields();
            table.row(row.load().text("name"), row.load().text("vhost"), row.load().text("kind"),
                    rate(row.in()), rate(row.out()), shown(fields.get("ready")),
                    shown(fields.get("unacknowledged")), shown(fields.get("consumers")),
                    bytes(LoadSample.number(fields, "stored_bytes")));
        }
        table.print(out);
    }

    private Row row(List<String> key, Load load) {
        LoadSample last = before;
        Load old = last == null ? null : last.loads().get(key);
        if (old == null || load.endOffsets().isEmpty() || old.endOffsets().isEmpty()) {
            return new Row(load, -1, -1);
        }
        long in = load.endOffsets().getAsLong() - old.endOffsets().getAsLong();
        if (in < 0) {
            // A queue of this name was deleted and declared again.
            return new Row(load, -1, -1);
        }
        long out = load.waiting().isEmpty() || old.waiting().isEmpty()
                ? -1
                : in - (load.waiting().getAsLong() - old.waiting().getAsLong());
        return new Row(load, perSecond(in), out < 0 ? -1 : perSecond(out));
    }

    private long perSecond(long amount) {
        LoadSample last = before;
        double seconds = last == null ? 0 : (now.atNs() - last.atNs()) / NS_PER_S;
        return seconds <= 0 ? -1 : Math.round((double) amount / seconds);
    }

    private void process(Output out) {
        Map<?, ?> status = now.status();
        Map<?, ?> process = object(status, "process");
        String listeners = list(status, "listeners")
                .map(it -> it.get("protocol") + " " + it.get("connections"))
                .collect(Collectors.joining(", "));
        Duration up = Duration.ofMillis(LoadSample.number(status, "uptime_ms").orElse(0));
        out.line(String.join("   ",
                "up %d days %02d:%02d:%02d".formatted(up.toDays(), up.toHoursPart(),
                        up.toMinutesPart(), up.toSecondsPart()),
                "cpu " + cpu() + " of " + shown(process.get("cores")) + " cores",
                "heap " + bytes(LoadSample.number(process, "heap_used_bytes")) + " of "
                        + bytes(LoadSample.number(process, "heap_max_bytes")),
                "connections: " + listeners));
    }

    /** Cores' worth of CPU time since the drawing before. */
    private String cpu() {
        LoadSample last = before;
        OptionalLong ms = LoadSample.number(object(now.status(), "process"), "cpu_ms");
        OptionalLong old = last == null
                ? OptionalLong.empty()
                : LoadSample.number(object(last.status(), "process"), "cpu_ms");
        if (last == null || ms.isEmpty() || old.isEmpty() || now.atNs() <= last.atNs()) {
            return UNKNOWN;
        }
        return String.format(Locale.ROOT, "%.2f", (ms.getAsLong() - old.getAsLong()) * NS_PER_MS
                / (now.atNs() - last.atNs()));
    }

    private void messages(Output out, List<Row> rows) {
        Map<?, ?> storage = object(now.status(), "storage");
        List<String> parts = new ArrayList<>();
        parts.add("in " + total(rows.stream().mapToLong(Row::in).toArray()) + "/s");
        parts.add("out of queues " + total(rows.stream().mapToLong(Row::out).toArray()) + "/s");
        parts.add("ready " + inQueues("ready"));
        parts.add("unacknowledged " + inQueues("unacknowledged"));
        parts.add("not forced " + bytes(LoadSample.number(storage, "unforced_bytes")));
        parts.add("disk free " + bytes(LoadSample.number(storage, "usable_bytes")));
        out.line(String.join("   ", parts));
    }

    /** Sum over queues, without streams and topics, whose messages stay. */
    private long inQueues(String field) {
        return now.loads().values().stream().filter(it -> it.waiting().isPresent())
                .mapToLong(it -> LoadSample.number(it.fields(), field).orElse(0)).sum();
    }

    private static String total(long... rates) {
        long sum = 0;
        boolean known = false;
        for (long rate : rates) {
            known |= rate >= 0;
            sum += Math.max(rate, 0);
        }
        return known ? Long.toString(sum) : UNKNOWN;
    }

    private static Object rate(long rate) {
        return rate < 0 ? UNKNOWN : rate;
    }

    private static Object shown(@Nullable Object value) {
        return value == null ? UNKNOWN : value;
    }

    /** A size with three digits at most before the point: "75.2 GiB". */
    private static String bytes(OptionalLong bytes) {
        if (bytes.isEmpty()) {
            return UNKNOWN;
        }
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double amount = bytes.getAsLong();
        int unit = 0;
        while (amount >= 1000 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
    }

    private static Map<?, ?> object(Map<?, ?> from, String field) {
        return from.get(field) instanceof Map<?, ?> object ? object : Map.of();
    }

    private static Stream<Map<?, ?>> list(Map<?, ?> from, String field) {
        return from.get(field) instanceof List<?> list
                ? list.stream().mapMulti((it, to) -> {
                    if (it instanceof Map<?, ?> object) {
                        to.accept(object);
                    }
                })
                : Stream.empty();
    }
}
