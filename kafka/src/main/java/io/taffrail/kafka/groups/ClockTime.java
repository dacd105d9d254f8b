package io.taffrail.kafka.groups;

import io.taffrail.broker.schedule.TimeSource;
import org.apache.kafka.common.utils.Time;

/** The broker's clock as Kafka's {@link Time}. Only {@link #sleep} uses the machine's clock. */
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
