package io.taffrail.log.local;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.LogId;
import io.taffrail.log.compact.CleanableRange;
import io.taffrail.log.local.Troubles.Work;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The logs that are due for compaction, and those that a cleaner thread works on. A log is claimed
 * by one thread at a time. The dirtiest log comes first; but a log that was compacted comes again
 * only after all other due logs, so that a log of many partial rounds starves no other.
 * Thread-safe.
 */
final class CleanerQueue {

    private final InstantSource clock;
    private final Troubles troubles;
    private final Supplier<Collection<LocalLog>> logs;
    private final Set<LogId> claimed = ConcurrentHashMap.newKeySet();
    /** Logs that had their turn; guarded by this object. */
    private final Set<LogId> served = new HashSet<>();

    /** A claimed log with the range to compact. */
    record Due(LocalLog log, CleanableRange range) {}

    CleanerQueue(InstantSource clock, Troubles troubles, Supplier<Collection<LocalLog>> logs) {
        this.clock = clock;
        this.troubles = troubles;
        this.logs = logs;
    }

    /** Claims a log; false if another thread works on it. */
    boolean claim(LogId log) {
        return claimed.add(log);
    }

    void release(LogId log) {
        claimed.remove(log);
    }

    /** Forgets logs that are no longer {@code open}. */
    synchronized void keep(Set<LogId> open) {
        served.retainAll(open);
    }

    /**
     * Claims the next log; {@code null} if none is due.
     *
     * @param passed
     *            logs that this thread could not compact in its present round
     * @param asked
     *            true to take logs that wait after a failure, too
     */
    synchronized @Nullable Due next(Set<LogId> passed, boolean asked) {
        Due next = null;
        boolean nextServed = false;
        for (LocalLog log : logs.get()) {
            if (passed.contains(log.id()) || claimed.contains(log.id()) || !mayBeCleaned(log)
                    || (!asked && troubles.isWaiting(log.id(), Work.COMPACTION))) {
                continue;
            }
            CleanableRange range = range(log);
            boolean wasServed = served.contains(log.id());
            if (range.isDue(log.options().compaction())
                    && (next == null || precedes(wasServed, range, nextServed, next.range))) {
                next = new Due(log, range);
                nextServed = wasServed;
            }
        }
        if (next == null || !claim(next.log.id())) {
            return null;
        }
        if (nextServed) {
            served.clear();
        }
        served.add(next.log.id());
        return next;
    }

    private static boolean precedes(boolean served, CleanableRange range, boolean otherServed,
            CleanableRange other) {
        return served == otherServed ? range.dirtyRatio() > other.dirtyRatio() : otherServed;
    }

    private static boolean mayBeCleaned(LocalLog log) {
        return log.options().compaction().enabled() && !log.isQuarantined();
    }

    /** The range of a log that can be cleaned now. */
    CleanableRange range(LocalLog log) {
        CompactionOptions options = log.options().compaction();
        return CleanableRange.of(log.segmentFacts(), log.stored().cleanedTo(),
                log.lastStableOffset(), options, clock.millis());
    }
}
