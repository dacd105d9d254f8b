package io.taffrail.cli.control;

import io.taffrail.broker.Broker;
import io.taffrail.log.spi.CleanerReport;
import io.taffrail.log.spi.CleanerReport.LogCleaning;
import io.taffrail.log.spi.CleanerReport.Run;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Handles {@code {"command":"log cleaner"}}: sends an object for each log with compaction, then one
 * with {@code "totals":true}.
 */
record CleanerHandler(Broker broker) implements ControlSocket.Handler {

    @Override
    public void handle(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        CleanerReport report = broker.engine().cleaner();
        report.logs().forEach(log -> answer.accept(object(log)));
        answer.accept(totals(report));
    }

    private Map<String, Object> object(LogCleaning log) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", broker.reopening().shownName(log.log()).orElse(log.log().value()));
        object.put("log", log.log().value());
        object.put("state", log.state().name().toLowerCase(Locale.ROOT));
        object.put("due", log.due());
        object.put("percent", log.percent());
        object.put("dirty_ratio", log.dirtyRatio());
        object.put("dirty_bytes", log.dirtyBytes());
        object.put("clean_bytes", log.cleanBytes());
        object.put("first_dirty_offset", log.firstDirty());
        object.put("cleanable_end_offset", log.cleanableEnd());
        object.put("failures", log.failures());
        if (!log.reason().isEmpty()) {
            object.put("reason", log.reason());
        }
        log.nextTry().ifPresent(next -> object.put("next_try", text(next)));
        log.lastRun().ifPresent(run -> object.put("last_run", run(run)));
        return object;
    }

    private static Map<String, Object> run(Run run) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("ended", text(run.ended()));
        object.put("duration_ms", run.took().toMillis());
        object.put("cleaned_to_offset", run.cleanedTo());
        object.put("complete", run.complete());
        object.put("bytes_read", run.bytesRead());
        object.put("bytes_written", run.bytesWritten());
        object.put("records_kept", run.recordsKept());
        object.put("records_removed", run.recordsRemoved());
        return object;
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static Map<String, Object> totals(CleanerReport report) {
        CleanerReport.Totals totals = report.totals();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("totals", true);
        object.put("logs", report.logs().size());
        object.put("threads", report.settings().threads());
        if (report.settings().bytesPerSecond() < Long.MAX_VALUE) {
            object.put("max_bytes_per_second", report.settings().bytesPerSecond());
        }
        object.put("dedupe_buffer_bytes", report.settings().dedupeBuffer().bytes());
        object.put("reserved_bytes", report.reservedBytes());
        object.put("rounds", totals.rounds());
        object.put("failures", totals.failures());
        object.put("bytes_read", totals.bytesRead());
        object.put("bytes_written", totals.bytesWritten());
        object.put("records_kept", totals.recordsKept());
        object.put("records_removed", totals.recordsRead() - totals.recordsKept());
        object.put("throttled_ms", totals.throttled().toMillis());
        return object;
    }
}
