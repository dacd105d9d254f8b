package io.taffrail.log.local;

import io.taffrail.log.LogId;
import io.taffrail.log.compact.CleanableRange;
import io.taffrail.log.local.Troubles.Work;
import io.taffrail.log.spi.CleanerReport.LogCleaning;
import io.taffrail.log.spi.CleanerReport.State;
import io.taffrail.log.spi.LogTrouble;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The logs with compaction as an operator sees them. For one use; safe for any thread. */
record CleanerView(CleanerQueue queue, Troubles troubles, CleanerHistory history,
        Map<LogId, CompactionPass> running) {

    List<LogCleaning> of(Collection<LocalLog> logs) {
        return logs.stream().filter(log -> log.options().compaction().enabled()).map(this::of)
                .sorted(Comparator.comparing(it -> it.log().value())).toList();
    }

    private LogCleaning of(LocalLog log) {
        CleanableRange range = queue.range(log);
        CompactionPass pass = running.get(log.id());
        Optional<LogTrouble> trouble = troubles.of(log.id(), Work.COMPACTION);
        State state = state(log, pass, trouble);
        boolean due = state == State.IDLE && range.isDue(log.options().compaction());
        return new LogCleaning(log.id(), state, range.firstDirty(), range.end(),
                range.cleanBytes(), range.dirtyBytes(), range.dirtyRatio(), due,
                pass == null ? 0 : pass.percent(), reason(log, state, trouble),
                state == State.BACKING_OFF ? nextTry(trouble) : Optional.empty(),
                history.lastRun(log.id()), history.failures(log.id()));
    }

    private static State state(LocalLog log, @Nullable CompactionPass pass,
            Optional<LogTrouble> trouble) {
        if (pass != null) {
            return pass.isWaiting() ? State.THROTTLED : State.CLEANING;
        }
        if (log.isQuarantined()) {
            return State.UNCLEANABLE;
        }
        return trouble.map(it -> it.nextTry().isPresent() ? State.BACKING_OFF : State.UNCLEANABLE)
                .orElse(State.IDLE);
    }

    private static Optional<Instant> nextTry(Optional<LogTrouble> trouble) {
        return trouble.flatMap(LogTrouble::nextTry);
    }

    private static String reason(LocalLog log, State state, Optional<LogTrouble> trouble) {
        return switch (state) {
            case IDLE, CLEANING, THROTTLED -> "";
            case BACKING_OFF -> trouble.map(LogTrouble::cause).orElse("");
            case UNCLEANABLE -> log.isQuarantined()
                    ? "the log is in quarantine"
                    : trouble.map(LogTrouble::cause).orElse("");
        };
    }
}
