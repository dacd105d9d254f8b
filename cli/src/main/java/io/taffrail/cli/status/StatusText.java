package io.taffrail.cli.status;

import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Style;
import io.taffrail.cli.terminal.Table;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Status report of a broker as text: one line for each part, then the parts that are out of use.
 */
record StatusText(Map<?, ?> report) {

    void print(Output out) {
        out.line("version     " + report.get("version") + " on Java " + report.get("java"));
        out.line("pid         " + report.get("pid"));
        out.line("up          " + duration(report.get("uptime_ms")) + ", since "
                + report.get("started"));
        Map<?, ?> process = object("process");
        if (!process.isEmpty()) {
            out.line("process     CPU time: " + shown(process.get("cpu_ms")) + " ms, cores: "
                    + process.get("cores") + ", heap: " + process.get("heap_used_bytes") + " of "
                    + process.get("heap_max_bytes") + " bytes");
        }
        objects("listeners").forEach(it -> out.line("listening   " + it.get("protocol") + " "
                + it.get("address") + ", connections: " + it.get("connections")));
        storage(object("storage"), out);
        Map<?, ?> memory = object("memory");
        out.line("memory      " + memory.get("charged_bytes") + " of "
                + memory.get("budget_bytes") + " bytes held for clients");
        contents(object("contents"), out);
        if (Boolean.TRUE.equals(report.get("healthy"))) {
            out.line(Style.GOOD, "health      everything is in use");
        } else {
            out.line(Style.BAD, "health      NOT everything is in use");
        }
        if (report.get("lost_letters") instanceof BigDecimal lost && lost.signum() > 0) {
            out.line("lost        " + lost
                    + " dead letters or delayed messages since the start (LTR-002 in the log)");
        }
        table(out, "quarantined_queues", new Table("QUARANTINED QUEUE", "VHOST", "SINCE", "CAUSE"),
                "queue", "vhost", "since", "cause");
        table(out, "quarantined_logs", new Table("QUARANTINED LOG", "NAME", "CAUSE"), "log", "name",
                "cause");
        table(out, "offline_partitions", new Table("OFFLINE TOPIC", "PARTITION", "CAUSE"), "topic",
                "partition", "cause");
        table(out, "troubles", new Table("LOG IN TROUBLE", "WORK", "SINCE", "NEXT TRY", "CAUSE"),
                "log", "work", "since", "next_try", "cause");
    }

    private static void storage(Map<?, ?> storage, Output out) {
        out.line("storage     " + storage.get("location") + ", durability "
                + storage.get("durability"));
        out.line("            logs: " + storage.get("logs") + ", bytes not forced: "
                + storage.get("unforced_bytes") + ", bytes free: "
                + shown(storage.get("usable_bytes")));
        if (storage.get("failure") != null) {
            out.line(Style.BAD, "            FAILED: " + storage.get("failure"));
        }
    }

    private static void contents(Map<?, ?> contents, Output out) {
        if (contents.isEmpty()) {
            return;
        }
        out.line("topics      " + contents.get("topics") + ", with the durable queues; partitions: "
                + contents.get("partitions"));
        if (contents.get("queues") == null) {
            out.line(Style.BAD, "queues      unknown: a virtual host did not answer");
            return;
        }
        out.line("queues      " + contents.get("queues")
                + ", with streams and partitions; virtual hosts: " + contents.get("virtual_hosts"));
        out.line("            consumers: " + contents.get("consumers") + ", ready: "
                + contents.get("ready") + ", unacknowledged: " + contents.get("unacknowledged"));
    }

    private void table(Output out, String list, Table table, String... fields) {
        List<Map<?, ?>> rows = objects(list);
        rows.forEach(row -> table.row(
                Stream.of(fields).<Object>map(field -> shown(row.get(field))).toArray()));
        if (!rows.isEmpty()) {
            out.line("");
            table.print(out);
        }
    }

    private static Object shown(@Nullable Object value) {
        return value == null ? "-" : value;
    }

    private Map<?, ?> object(String name) {
        return report.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }

    private List<Map<?, ?>> objects(String name) {
        return report.get(name) instanceof List<?> list
                ? list.stream().<Map<?, ?>>mapMulti((it, to) -> {
                    if (it instanceof Map<?, ?> object) {
                        to.accept(object);
                    }
                }).toList()
                : List.of();
    }

    private static String duration(@Nullable Object ms) {
        Duration up = Duration.ofMillis(ms instanceof BigDecimal number ? number.longValue() : 0);
        String clock = "%02d:%02d:%02d".formatted(up.toHoursPart(), up.toMinutesPart(),
                up.toSecondsPart());
        return up.toDays() == 0 ? clock : up.toDays() + " days " + clock;
    }
}
