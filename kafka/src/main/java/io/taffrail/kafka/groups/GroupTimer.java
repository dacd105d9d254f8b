package io.taffrail.kafka.groups;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.TimerTask;

/**
 * Kafka's timing wheel with a thread that sleeps until the next timer is due. Kafka's own
 * {@code SystemTimerReaper} wakes five times a second even if no timer is due.
 */
final class GroupTimer implements GroupThreads.GroupTimers {

    private static final long LONGEST_SLEEP_MS = TimeUnit.DAYS.toMillis(1);

    private final SystemTimer wheel = new SystemTimer("group-timer");
    private final Thread thread;

    GroupTimer() {
        thread = Thread.ofPlatform().daemon().name("group-timer").start(this::advance);
    }

    private void advance() {
        try {
            while (!Thread.interrupted()) {
                wheel.advanceClock(LONGEST_SLEEP_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void add(TimerTask task) {
        wheel.add(task);
    }

    @Override
    public boolean advanceClock(long timeoutMs) throws InterruptedException {
        return wheel.advanceClock(timeoutMs);
    }

    @Override
    public int size() {
        return wheel.size();
    }

    @Override
    public void close() {
        thread.interrupt();
        wheel.close();
    }
}
