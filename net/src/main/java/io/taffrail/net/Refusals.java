package io.taffrail.net;

import io.taffrail.net.ConnectionLimits.Cause;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Count and log of the connections that a head refused. Logs at most one line per cause and minute,
 * with the number since the previous line. Thread-safe.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private final String head;
    private final ConnectionLimits limits;
    private final SocketAllowance sockets;
    private final RareLines lines;
    private final LongAdder total = new LongAdder();

    Refusals(String head, ConnectionLimits limits, SocketAllowance sockets, RareLines lines) {
        this.lines = lines;
        this.head = head;
        this.limits = limits;
        this.sockets = sockets;
    }

    /** Counts a refusal. */
    void refused(Cause cause, ClientAddress address) {
        total.increment();
        long count = lines.count(cause.name());
        if (count > 0) {
            LOG.warn("NET-001 {} connections refused: {} since the last such line, now one from"
                    + " {}; the limit is {}={}", head, count, address.text(),
                    limits.key(cause), limits.value(cause, sockets));
        }
    }

    long total() {
        return total.sum();
    }
}
