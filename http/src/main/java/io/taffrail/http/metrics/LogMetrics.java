package io.taffrail.http.metrics;

import io.taffrail.broker.Broker;
import io.taffrail.log.spi.CleanerReport;
import io.taffrail.log.spi.EngineFigures;
import io.taffrail.log.spi.LogEngine;
import java.util.stream.Stream;

/** The log engine: journal, checkpoints, logs and compaction. */
record LogMetrics(Families families, Broker broker) {

    private static final double MS_PER_SECOND = 1000;

    void add() {
        LogEngine engine = broker.engine();
        engine.figures().ifPresent(this::figures);
        families.gauge("taffrail_journal_unforced_bytes",
                "Bytes appended and not yet forced to disk", engine.unforcedBytes());
        families.gauge("taffrail_logs_quarantined", "Logs that are out of use",
                engine.quarantined().size());
        families.gauge("taffrail_queues_quarantined", "Queues that are out of use",
                broker.quarantined().size());
        families.gauge("taffrail_storage_failed", "1 if nothing more can be stored",
                engine.failure().isPresent() ? 1 : 0);
        families.gauge("taffrail_troubles", "Background work of the engine that fails",
                engine.troubles().size());
        families.counter("taffrail_letters_lost", "Dead letters that no queue took",
                broker.lostLetters().count());
        cleaner(engine.cleaner());
    }

    private void figures(EngineFigures figures) {
        families.counter("taffrail_journal_groups", "Groups of the journal forced to disk",
                figures.journal().groups());
        families.counter("taffrail_journal_bytes", "Bytes of the journal forced to disk",
                figures.journal().bytes());
        families.times("taffrail_journal_force_seconds", "Time to write and force a group",
                figures.journal().forces(), figures.journal().forceUs());
        families.counter("taffrail_checkpoints", "Checkpoints made", figures.checkpoints());
        families.gauge("taffrail_logs", "Open logs", figures.logs());
        families.gauge("taffrail_segments", "Segments of open logs", figures.segments());
        families.gauge("taffrail_log_bytes", "Bytes of records in open logs", figures.bytes());
    }

    private void cleaner(CleanerReport report) {
        CleanerReport.Totals totals = report.totals();
        families.counter("taffrail_cleaner_rounds", "Rounds of compaction", totals.rounds());
        families.counter("taffrail_cleaner_failures", "Rounds of compaction that failed",
                totals.failures());
        families.counter("taffrail_cleaner_read_bytes", "Bytes read by compaction",
                totals.bytesRead());
        families.counter("taffrail_cleaner_written_bytes", "Bytes written by compaction",
                totals.bytesWritten());
        families.counter("taffrail_cleaner_throttled_seconds",
                "Time that compaction waited for its rate limit",
                totals.throttled().toMillis() / MS_PER_SECOND);
        families.gauge("taffrail_cleaner_logs", "Logs with compaction", report.logs().size());
        families.gauge("taffrail_cleaner_uncleanable_logs",
                "Logs that cannot be compacted until an operator acts",
                count(report, CleanerReport.State.UNCLEANABLE));
        families.gauge("taffrail_cleaner_dirty_bytes", "Bytes that can be compacted",
                report.logs().stream().mapToLong(CleanerReport.LogCleaning::dirtyBytes).sum());
    }

    private static long count(CleanerReport report, CleanerReport.State... states) {
        return report.logs().stream()
                .filter(it -> Stream.of(states).anyMatch(it.state()::equals)).count();
    }
}
