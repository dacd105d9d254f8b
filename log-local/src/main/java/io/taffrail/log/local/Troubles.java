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
import java.util.function.Supplier;

/**
 * Logs with failing background work, and the time of each retry: after 1, 2, 4 and then always
 * {@value #MOST_ROUNDS} times the interval of the cleaner. Only the failing log is deferred.
 * Thread-safe.
 */
final class Troubles {

    /** Largest number of the cleaner's intervals between two attempts. */
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
     * @param nextTry
     *            time of the next attempt; empty for never
     */
    private record Trouble(Instant since, String cause, int failures, Optional<Instant> nextTry) {}

    private final InstantSource clock;
    private final Supplier<Duration> pause;
    private final Map<Key, Trouble> troubles = new ConcurrentHashMap<>();

    /**
     * @param pause
     *            returns the interval at which the cleaner looks for work
     */
    Troubles(InstantSource clock, Supplier<Duration> pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /** Forgets logs that are no longer {@code open}. */
    void keep(Set<LogId> open) {
        troubles.keySet().removeIf(it -> !open.contains(it.log));
    }

    /** True if the work is in back-off. A clock that was set back does not prolong it. */
    boolean isWaiting(LogId log, Work work) {
        Trouble trouble = troubles.get(new Key(log, work));
        if (trouble == null || trouble.nextTry.isEmpty()) {
            return trouble != null;
        }
        Duration left = Duration.between(clock.instant(), trouble.nextTry.get());
        return left.isPositive() && left.compareTo(pause(MOST_ROUNDS)) <= 0;
    }

    private Duration pause(int rounds) {
        return pause.get().multipliedBy(rounds);
    }

    /** The current trouble of a log with this work, if there is one. */
    Optional<LogTrouble> of(LogId log, Work work) {
        Key key = new Key(log, work);
        return Optional.ofNullable(troubles.get(key)).map(it -> shown(key, it));
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
                passes ? Optional.of(clock.instant().plus(pause(rounds))) : Optional.empty()));
        return before == null || !before.cause.equals(cause);
    }

    /** Records a success; returns true if the work had failed before. */
    boolean done(LogId log, Work work) {
        return troubles.remove(new Key(log, work)) != null;
    }

    /** All current troubles, ordered by log. */
    List<LogTrouble> all() {
        return troubles.entrySet().stream()
                .map(it -> shown(it.getKey(), it.getValue()))
                .sorted(Comparator.comparing((LogTrouble it) -> it.log().value())
                        .thenComparing(LogTrouble::work))
                .toList();
    }

    private static LogTrouble shown(Key key, Trouble trouble) {
        return new LogTrouble(key.log, key.work.text, trouble.since, trouble.cause,
                trouble.nextTry);
    }
}
