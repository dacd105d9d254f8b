package io.taffrail.broker.queue;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Registration;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Tells when a queue was not used for so long that it is to go. */
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

    /** Another time holds, and begins now. */
    void after(OptionalLong newAfterMs) {
        close();
        afterMs = newAfterMs;
        used();
    }

    /** The queue is used now. */
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

    void close() {
        if (timer != null) {
            timer.close();
            timer = null;
        }
    }
}
