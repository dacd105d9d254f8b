package io.taffrail.log.local;

import io.taffrail.log.LogId;
import io.taffrail.log.spi.LogTrouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logs with failing background work, and the time of each retry: after 1, 2, 4 and then every
 * {@value #MOST_ROUNDS} rounds of the cleaner. Only the failing log is deferred. Thread-safe.
 */
final class Troubles {

    /** Largest number of cleaner rounds between two attempts. */
    static final int MOST_ROUNDS = 8;

    /** Kinds of background work. */
    enum Work {
        COMPACTION("compaction"), ERASURE("erasure");

        private final String text;

        Work(String text) {
            this.text = text;
        }
    }

    private record Key(LogId log, Work work) {}

    /**
     * @param failures
     *            number of failures in a row
     * @param nextRound
     *            round of the next attempt; {@link Long#MAX_VALUE} for never
     */
    private record Trouble(Instant since, String cause, int failures, long nextRound,
            Optional<Instant> nextTry) {}

    private final InstantSource clock;
    private final Duration pause;
    private final Map<Key, Trouble> troubles = new ConcurrentHashMap<>();
    private final AtomicLong round = new AtomicLong();

    /**
     * @param pause
     *            time between two rounds of the cleaner
     */
    Troubles(InstantSource clock, Duration pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /** Begins a round of the cleaner and forgets logs that are no longer {@code open}. */
    void nextRound(Set<LogId> open) {
        round.incrementAndGet();
        troubles.keySet().removeIf(it -> !open.contains(it.log));
    }

    /** True if the work is in back-off. */
    boolean isWaiting(LogId log, Work work) {
        Trouble trouble = troubles.get(new Key(log, work));
        return trouble != null && trouble.nextRound > round.get();
    }

    /**
     * Records a failure of the work.
     *
     * @param passes
     *            true if a retry may succeed
     * @return true if this cause has not been reported to the operator yet
     */
    boolean failed(LogId log, Work work, String cause, boolean passes) {
        Key key = new Key(log, work);
        Trouble before = troubles.get(key);
        int failures = before == null ? 1 : before.failures + 1;
        Instant since = before == null ? clock.instant() : before.since;
        int rounds = Math.min(MOST_ROUNDS, 1 << Math.min(failures - 1, 30));
        troubles.put(key, new Trouble(since, cause, failures,
                passes ? round.get() + rounds : Long.MAX_VALUE,
                passes
                        ? Optional.of(clock.instant().plus(pause.multipliedBy(rounds)))
                        : Optional.empty()));
        return before == null || !before.cause.equals(cause);
    }

    /** Records a success; returns true if the work had failed before. */
    boolean done(LogId log, Work work) {
        return troubles.remove(new Key(log, work)) != null;
    }

    /** All current troubles, ordered by log. */
    List<LogTrouble> all() {
        return troubles.entrySet().stream()
                .map(it -> new LogTrouble(it.getKey().log, it.getKey().work.text,
                        it.getValue().since, it.getValue().cause, it.getValue().nextTry))
                .sorted(Comparator.comparing((LogTrouble it) -> it.log().value())
                        .thenComparing(LogTrouble::work))
                .toList();
    }
}
