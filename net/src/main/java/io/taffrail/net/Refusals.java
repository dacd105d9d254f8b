package io.taffrail.net;

import io.taffrail.net.ConnectionLimits.Cause;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Count and log of the connections that a head refused. Logs at most one line per cause and minute,
 * with the number since the previous line. Thread-safe.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int PAUSE_MS = 60_000;

    private static final class Seen {
        long sinceLine;
        long lineMs = Long.MIN_VALUE;
    }

    private final String head;
    private final ConnectionLimits limits;
    private final SocketAllowance sockets;
    private final Map<Cause, Seen> causes = new EnumMap<>(Cause.class);
    private long total;

    Refusals(String head, ConnectionLimits limits, SocketAllowance sockets) {
        this.head = head;
        this.limits = limits;
        this.sockets = sockets;
    }

    /**
     * Counts a refusal.
     *
     * @param nowMs
     *            elapsed time in milliseconds, of any origin
     */
    synchronized void refused(Cause cause, ClientAddress address, long nowMs) {
        total++;
        Seen seen = causes.computeIfAbsent(cause, _ -> new Seen());
        seen.sinceLine++;
        if (seen.lineMs == Long.MIN_VALUE || nowMs - seen.lineMs >= PAUSE_MS) {
            LOG.warn("NET-001 {} connections refused: {} since the last such line, now one from"
                    + " {}; the limit is {}={}", head, seen.sinceLine, address.text(),
                    limits.key(cause), limits.value(cause, sockets));
            seen.sinceLine = 0;
            seen.lineMs = nowMs;
        }
    }

    synchronized long total() {
        return total;
    }
}
