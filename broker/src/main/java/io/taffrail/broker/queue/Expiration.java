package io.taffrail.broker.queue;

import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Registration;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * When messages go: the lesser of the queue's time and the message's own after it came. Only the
 * message at the head is looked at, as in RabbitMQ, so one timer serves the queue.
 */
final class Expiration {

    private static final long NEVER = Long.MAX_VALUE;

    private final InstantSource clock;
    private final Timers timers;
    private final Runnable wake;
    private OptionalLong ttlMs;
    private boolean possible;
    private long timerAtMs = NEVER;
    private @Nullable Registration timer;

    Expiration(OptionalLong ttlMs, InstantSource clock, Timers timers, Runnable wake) {
        this.ttlMs = ttlMs;
        this.possible = ttlMs.isPresent();
        this.clock = clock;
        this.timers = timers;
        this.wake = wake;
    }

    /** Another time holds from now on, also for what has come in. */
    void ttl(OptionalLong newTtlMs) {
        ttlMs = newTtlMs;
        possible = true;
        close();
    }

    /** A message that may go has come in, or nobody knows. */
    void possible() {
        possible = true;
    }

    /** Whether the head has to be looked at: something may go, and no timer runs for it. */
    boolean isDue() {
        return possible && timer == null;
    }

    /** Another message is at the head. */
    void headChanged() {
        if (timer != null) {
            close();
        }
    }

    /**
     * Whether the message is to go now; at its very time it is, so a time of 0 lets it go at once.
     */
    boolean isExpired(RecordCursor message) {
        long at = at(message);
        return at != NEVER && at <= clock.millis();
    }

    /** Whether the message goes before anybody can be served: it asks for a consumer that waits. */
    boolean isForNow(RecordCursor message) {
        return at(message) == message.timestampMs();
    }

    private long at(RecordCursor message) {
        return message.has(Property.EXPIRATION)
                ? at(Properties.of(message.properties()), message.timestampMs())
                : after(message.timestampMs(), ttlMs.orElse(NEVER));
    }

    /** When a message goes that came at {@code cameAtMs}; {@link Long#MAX_VALUE}: never. */
    long at(Properties properties, long cameAtMs) {
        long own = properties.text(Property.EXPIRATION).map(Expiration::milliseconds)
                .orElse(NEVER);
        return after(cameAtMs, Math.min(own, ttlMs.orElse(NEVER)));
    }

    private static long after(long cameAtMs, long ttl) {
        long at = cameAtMs + ttl;
        return at < 0 ? NEVER : at;
    }

    private static long milliseconds(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return NEVER;
        }
    }

    /** The message is at the head from now on: wakes the queue when it is to go. */
    void watch(RecordCursor head) {
        long at = at(head);
        if (at >= timerAtMs) {
            return;
        }
        close();
        timerAtMs = at;
        timer = timers.after(Math.max(0, at - clock.millis()), () -> {
            timerAtMs = NEVER;
            timer = null;
            wake.run();
        });
    }

    void close() {
        Registration running = timer;
        timer = null;
        timerAtMs = NEVER;
        if (running != null) {
            running.close();
        }
    }
}
