package io.taffrail.kafka.net;

import io.taffrail.log.guard.Guard;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The answers that small requests can make long, over all connections: {@link #AT_ONCE} at a time
 * are objects that nobody has charged yet. Further ones are not made before one of these has been
 * encoded, for which memory is charged, or dropped. As many wait as there are connections. Safe for
 * any thread.
 */
final class LongAnswers {

    static final int AT_ONCE = 4;

    /** Guarded by itself, as is the count. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    /** Has an answer made, now or later, on any thread; {@link #end} is to follow. */
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

    /** An answer is no more, or is charged. */
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
