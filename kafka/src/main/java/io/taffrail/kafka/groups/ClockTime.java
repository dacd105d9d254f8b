package io.taffrail.kafka.groups;

import io.taffrail.broker.schedule.TimeSource;
import org.apache.kafka.common.utils.Time;

/** Kafka's view of the broker's time; only {@link #sleep} is by the machine's. */
record ClockTime(TimeSource clock) implements Time {

    @Override
    public long milliseconds() {
        return clock.millis();
    }

    @Override
    public long nanoseconds() {
        return clock.nanoTime();
    }

    @Override
    public void sleep(long ms) {
        Time.SYSTEM.sleep(ms);
    }
}
