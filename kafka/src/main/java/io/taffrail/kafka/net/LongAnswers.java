package io.taffrail.kafka.net;

import io.taffrail.log.guard.Guard;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Limit on large responses to small requests, over all connections. At most {@link #AT_ONCE} of
 * them exist as objects whose memory is not charged. Further ones are created only after one of
 * these has been dropped or encoded, which charges its memory. At most one waits for each
 * connection. Safe for any thread.
 */
final class LongAnswers {

    static final int AT_ONCE = 4;

    /** Guarded by itself; it also guards the count. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    /**
     * Runs {@code make} now or after an earlier {@link #end}, on any thread. The caller must call
     * {@link #end} once after it.
     */
    void begin(Runnable make) {
        synchronized (waiting) {
            if (underWay >= AT_ONCE) {
                waiting.add(make);
                return;
            }
            underWay++;
        }
        make.run();
    }

    /** Ends one response that has been dropped or charged, and starts the next. */
    void end() {
        Runnable next = next();
        if (next != null) {
            Guard.run("KAF-012", "a long answer", next);
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Runnable next = waiting.poll();
            if (next == null) {
                underWay--;
            }
            return next;
        }
    }
}
