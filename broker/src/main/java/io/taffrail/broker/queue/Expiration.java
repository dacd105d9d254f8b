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
 * The time to live of messages: the shorter of the queue's and the message's own, counted from
 * publication. As in RabbitMQ only the message at the head of the queue is checked, so one timer is
 * enough. Owner thread only.
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

    /** Sets the queue's time to live in milliseconds, also for messages stored already. */
    void ttl(OptionalLong newTtlMs) {
        ttlMs = newTtlMs;
        possible = true;
        close();
    }

    /** Notes that a message with a time to live may have been added. */
    void possible() {
        possible = true;
    }

    /** Whether the head has to be checked: messages may expire, and no timer is running. */
    boolean isDue() {
        return possible && timer == null;
    }

    /** Notes that another message is at the head. */
    void headChanged() {
        if (timer != null) {
            close();
        }
    }

    /**
     * Whether the message has expired. It expires at its exact due time, so a time to live of 0
     * expires at once.
     */
    boolean isExpired(RecordCursor message) {
        long at = at(message);
        return at != NEVER && at <= clock.millis();
    }

    /**
     * Whether the message expires before any consumer could be found, because its time to live is
     * 0: it is delivered only to a consumer that is ready now.
     */
    boolean isForNow(RecordCursor message) {
        return at(message) == message.timestampMs();
    }

    private long at(RecordCursor message) {
        return message.has(Property.EXPIRATION)
                ? at(Properties.of(message.properties()), message.timestampMs())
                : after(message.timestampMs(), ttlMs.orElse(NEVER));
    }

    /**
     * Time at which a message published at {@code cameAtMs} expires, in milliseconds since 1970;
     * {@link Long#MAX_VALUE}: never.
     */
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

    /** Starts the timer that wakes the queue when the message at its head expires. */
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
