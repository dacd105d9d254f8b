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
 * Logs on which background work fails, and when each is tried again: after 1, 2, 4 and then every
 * {@value #MOST_ROUNDS} rounds of the cleaner. Only the log that fails waits. Safe for any thread.
 */
final class Troubles {

    /** Rounds of the cleaner between two tries, at most. */
    static final int MOST_ROUNDS = 8;

    /** What is done in the background. */
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
     *            in a row
     * @param nextRound
     *            in which it is tried again; {@link Long#MAX_VALUE} for never
     */
    private record Trouble(Instant since, String cause, int failures, long nextRound,
            Optional<Instant> nextTry) {}

    private final InstantSource clock;
    private final Duration pause;
    private final Map<Key, Trouble> troubles = new ConcurrentHashMap<>();
    private final AtomicLong round = new AtomicLong();

    /**
     * @param pause
     *            between two rounds of the cleaner
     */
    Troubles(InstantSource clock, Duration pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /** A round of the cleaner begins; logs that are not {@code open} any more are forgotten. */
    void nextRound(Set<LogId> open) {
        round.incrementAndGet();
        troubles.keySet().removeIf(it -> !open.contains(it.log));
    }

    /** Whether the work is not to be tried yet. */
    boolean isWaiting(LogId log, Work work) {
        Trouble trouble = troubles.get(new Key(log, work));
        return trouble != null && trouble.nextRound > round.get();
    }

    /**
     * The work failed.
     *
     * @param passes
     *            whether trying again may help
     * @return whether the operator does not know this cause yet
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

    /** The work was done; returns whether it had failed before. */
    boolean done(LogId log, Work work) {
        return troubles.remove(new Key(log, work)) != null;
    }

    /** All there are, by log. */
    List<LogTrouble> all() {
        return troubles.entrySet().stream()
                .map(it -> new LogTrouble(it.getKey().log, it.getKey().work.text,
                        it.getValue().since, it.getValue().cause, it.getValue().nextTry))
                .sorted(Comparator.comparing((LogTrouble it) -> it.log().value())
                        .thenComparing(LogTrouble::work))
                .toList();
    }
}
