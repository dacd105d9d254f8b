package io.taffrail.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The system clock plus the time by which the test has advanced it. Thread-safe.
 *
 * <p>
 * Brokers with this clock use it for the age of stored records and for waits: time-to-live, queue
 * expiry, delays, consumer time-outs, group sessions, long polls and retention. They use real time
 * for anything that concerns the client at the other end of a connection, because the client does
 * not see this clock: AMQP heartbeats, time-outs of handshake and login, rates of new connections,
 * and back-pressure. They also use real time for internals such as checkpoints; {@link #advance}
 * runs compaction itself.
 *
 * <p>
 * Records of a Kafka client carry the client's own time: after a jump of days the broker considers
 * newly produced records that old, and retention may delete them.
 */
public final class TestClock implements InstantSource {

    private static final Duration FIRST_JUMP = Duration.ofMinutes(1);

    private final InstantSource base;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private final List<TaffrailBroker> brokers = new CopyOnWriteArrayList<>();

    private TestClock(InstantSource base) {
        this.base = base;
    }

    /** Returns a clock that runs and starts at the current time. */
    public static TestClock running() {
        return new TestClock(InstantSource.system());
    }

    /** Returns a clock that moves by {@link #advance} only. */
    public static TestClock stoppedAt(Instant time) {
        return new TestClock(InstantSource.fixed(time));
    }

    /**
     * Advances the clock, and returns when everything due by then has happened in the brokers of
     * this clock, one broker after another. The clock jumps twice: by at most a minute, then by the
     * rest. A wait that begins during the call begins at the new time.
     *
     * @throws IllegalArgumentException
     *             if {@code by} is negative
     * @throws IllegalStateException
     *             if clients keep a broker busy for more than 20 seconds
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + by);
        }
        // The holding time of a delivery counts from the broker's first look at it (HoldingTime).
        Duration first = by.dividedBy(4);
        first = first.compareTo(FIRST_JUMP) < 0 ? first : FIRST_JUMP;
        jump(first);
        jump(by.minus(first));
    }

    private void jump(Duration by) {
        ahead.updateAndGet(by::plus);
        brokers.forEach(TaffrailBroker::timeJumped);
    }

    /**
     * Elapsed time in nanoseconds: the machine's plus the advanced time, even if the
     * clock is stopped.
     */
    long nanoTime() {
        return System.nanoTime() + ahead.get().toNanos();
    }

    void add(TaffrailBroker broker) {
        brokers.add(broker);
    }

    void remove(TaffrailBroker broker) {
        brokers.remove(broker);
    }

    @Override
    public Instant instant() {
        return base.instant().plus(ahead.get());
    }
}
