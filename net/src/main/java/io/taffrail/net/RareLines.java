package io.taffrail.net;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limit of the log lines that strangers can cause: one line per cause and minute, which gives the
 * number of events since the line before. Thread-safe.
 */
public final class RareLines {

    private static final long PAUSE_NS = TimeUnit.MINUTES.toNanos(1);

    private static final class Seen {
        long total;
        long sinceLine;
        boolean said;
        long saidNs;
    }

    private final LongSupplier nanoTime;
    private final Map<String, Seen> causes = new HashMap<>();

    /**
     * @param nanoTime
     *            elapsed time of the machine in nanoseconds
     */
    public RareLines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Counts an event.
     *
     * @param cause
     *            one of a fixed set, never a text that a client sent
     * @return if a line is due, the number of events of this cause since the last line, with this
     *         one; otherwise 0
     */
    public synchronized long count(String cause) {
        Seen seen = causes.computeIfAbsent(cause, _ -> new Seen());
        seen.total++;
        seen.sinceLine++;
        long nowNs = nanoTime.getAsLong();
        if (seen.said && nowNs - seen.saidNs < PAUSE_NS) {
            return 0;
        }
        seen.said = true;
        seen.saidNs = nowNs;
        long count = seen.sinceLine;
        seen.sinceLine = 0;
        return count;
    }

    /** Number of events of a cause since the start. */
    public synchronized long total(String cause) {
        Seen seen = causes.get(cause);
        return seen == null ? 0 : seen.total;
    }
}
