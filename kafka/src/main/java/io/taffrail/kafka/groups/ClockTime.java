package io.taffrail.kafka.groups;

import java.time.InstantSource;
import org.apache.kafka.common.utils.Time;

/**
 * Kafka's view of the broker's clock: timestamps are the clock's, waiting and measuring are real.
 */
record ClockTime(InstantSource clock) implements Time {

    @Override
    public long milliseconds() {
        return clock.millis();
    }

    @Override
    public long nanoseconds() {
        return Time.SYSTEM.nanoseconds();
    }

    @Override
    public void sleep(long ms) {
        Time.SYSTEM.sleep(ms);
    }
}
