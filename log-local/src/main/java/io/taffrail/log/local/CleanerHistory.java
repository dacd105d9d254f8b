package io.taffrail.log.local;

import io.taffrail.log.LogId;
import io.taffrail.log.spi.CleanerReport.Run;
import io.taffrail.log.spi.CleanerReport.Totals;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rounds of compaction since the start: the last one and the number of failures for each open
 * log, and totals. Thread-safe.
 */
final class CleanerHistory {

    private final Map<LogId, Run> lastRuns = new HashMap<>();
    private final Map<LogId, Long> failures = new HashMap<>();
    private long rounds;
    private long failed;
    private long bytesRead;
    private long bytesWritten;
    private long recordsRead;
    private long recordsKept;

    synchronized void moved(long read, long written) {
        bytesRead += read;
        bytesWritten += written;
    }

    synchronized void done(LogId log, Run run) {
        lastRuns.put(log, run);
        rounds++;
        recordsRead += run.recordsRead();
        recordsKept += run.recordsKept();
    }

    synchronized void failed(LogId log) {
        failures.merge(log, 1L, Long::sum);
        failed++;
    }

    /** Forgets logs that are no longer {@code open}. */
    synchronized void keep(Set<LogId> open) {
        lastRuns.keySet().retainAll(open);
        failures.keySet().retainAll(open);
    }

    synchronized Optional<Run> lastRun(LogId log) {
        return Optional.ofNullable(lastRuns.get(log));
    }

    synchronized long failures(LogId log) {
        return failures.getOrDefault(log, 0L);
    }

    synchronized Totals totals(Duration throttled) {
        return new Totals(rounds, failed, bytesRead, bytesWritten, recordsRead, recordsKept,
                throttled);
    }
}
