package io.taffrail.broker.schedule;

import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Registration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one owner, in a heap of their own: starting and closing a timer involves no other
 * thread, and a closed timer is removed at once. A single alarm is set for the first timer. Owner
 * thread only.
 */
final class OwnerTimers implements Timers {

    /** An alarm that calls {@link #ring} on the owner's thread. */
    interface Alarm {

        /**
         * Rings once after the delay.
         *
         * @param delayNs
         *            at least 0
         */
        void after(long delayNs);
    }

    private static final long MS_IN_NS = 1_000_000;

    private final class Timer implements Registration {

        private final long atNs;
        private final Runnable task;
        /** Index in the heap; -1 after the timer ran or was closed. */
        private int place;

        Timer(long atNs, Runnable task) {
            this.atNs = atNs;
            this.task = task;
        }

        @Override
        public void close() {
            if (place >= 0) {
                remove(this);
            }
        }
    }

    private final LongSupplier clockNs;
    private final Alarm alarm;
    private @Nullable Timer[] heap = new @Nullable Timer[16];
    private int size;
    private boolean awaitsAlarm;
    private long alarmAtNs;

    /**
     * @param clockNs
     *            elapsed time in nanoseconds of any origin, as {@link System#nanoTime}
     */
    OwnerTimers(LongSupplier clockNs, Alarm alarm) {
        this.clockNs = clockNs;
        this.alarm = alarm;
    }

    @Override
    public Registration after(long delayMs, Runnable task) {
        long nowNs = clockNs.getAsLong();
        Timer timer = new Timer(nowNs + Math.min(delayMs, Long.MAX_VALUE / 2 / MS_IN_NS) * MS_IN_NS,
                task);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(size++, timer);
        await(nowNs);
        return timer;
    }

    /** Number of waiting timers. */
    int size() {
        return size;
    }

    /**
     * Runs the timers that are due, when the alarm rings. An exception of one timer does not affect
     * the others.
     */
    void ring() {
        awaitsAlarm = false;
        long nowNs = clockNs.getAsLong();
        try {
            for (Timer first = heap[0]; first != null && first.atNs <= nowNs; first = heap[0]) {
                remove(first);
                Guard.run("TMR-001", "a timer", first.task);
            }
        } finally {
            await(nowNs);
        }
    }

    /** Sets the alarm for the first timer, unless it rings earlier anyway. */
    private void await(long nowNs) {
        Timer first = heap[0];
        if (first != null && (!awaitsAlarm || first.atNs < alarmAtNs)) {
            awaitsAlarm = true;
            alarmAtNs = first.atNs;
            alarm.after(Math.max(0, first.atNs - nowNs));
        }
    }

    private void remove(Timer timer) {
        int place = timer.place;
        timer.place = -1;
        Timer last = at(--size);
        heap[size] = null;
        if (last != timer) {
            if (place > 0 && last.atNs < at((place - 1) / 2).atNs) {
                up(place, last);
            } else {
                down(place, last);
            }
        }
    }

    private void up(int from, Timer timer) {
        int place = from;
        while (place > 0 && timer.atNs < at((place - 1) / 2).atNs) {
            put(place, at((place - 1) / 2));
            place = (place - 1) / 2;
        }
        put(place, timer);
    }

    private void down(int from, Timer timer) {
        int place = from;
        for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && at(child + 1).atNs < at(child).atNs) {
                child++;
            }
            if (timer.atNs <= at(child).atNs) {
                break;
            }
            put(place, at(child));
            place = child;
        }
        put(place, timer);
    }

    private void put(int place, Timer timer) {
        heap[place] = timer;
        timer.place = place;
    }

    private Timer at(int place) {
        Timer timer = heap[place];
        if (timer == null) {
            throw new IllegalStateException("no timer at " + place + " of " + size);
        }
        return timer;
    }
}
