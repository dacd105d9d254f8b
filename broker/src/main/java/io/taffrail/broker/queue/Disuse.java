package io.taffrail.broker.queue;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Registration;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The timer of {@code x-expires}: tells when a queue has been unused for so long that it expires.
 * Owner thread only.
 */
final class Disuse {

    private OptionalLong afterMs;
    private final InstantSource clock;
    private final Timers timers;
    private final Runnable over;
    private long usedAtMs;
    private @Nullable Registration timer;

    Disuse(OptionalLong afterMs, InstantSource clock, Timers timers, Runnable over) {
        this.afterMs = afterMs;
        this.clock = clock;
        this.timers = timers;
        this.over = over;
    }

    /** Sets another time, in milliseconds, which starts now; empty: the queue does not expire. */
    void after(OptionalLong newAfterMs) {
        close();
        afterMs = newAfterMs;
        used();
    }

    /** Records a use of the queue, which restarts the time. */
    void used() {
        if (afterMs.isPresent()) {
            usedAtMs = clock.millis();
            if (timer == null) {
                await(afterMs.getAsLong());
            }
        }
    }

    private void await(long delayMs) {
        timer = timers.after(delayMs, () -> {
            timer = null;
            long left = usedAtMs + afterMs.orElse(0) - clock.millis();
            if (left > 0) {
                await(left);
            } else {
                over.run();
            }
        });
    }

    /** Whether the time is over and the queue was not used since. */
    boolean isOver() {
        return afterMs.isPresent() && timer == null;
    }

    void close() {
        if (timer != null) {
            timer.close();
            timer = null;
        }
    }
}
