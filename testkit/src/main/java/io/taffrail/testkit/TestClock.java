package io.taffrail.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The system's clock, plus what a test has advanced it by. Safe for any thread. It is the one
 * source
 * of time of the brokers that have it: the age of what is stored, and waits (time-to-live, expiry
 * of
 * queues, delays, time-outs of consumers, sessions of groups, long polls, retention). What
 * concerns the client at the other end of a connection goes by real time, for the client does not
 * see this clock: heartbeats of AMQP, time-outs of a handshake or a login, rates of new
 * connections, back-pressure. A Kafka client's records carry its own time: after a jump of days
 * the broker takes what is produced for as old as that, and retention may delete it. What nobody
 * sees from outside, such as checkpoints, goes by the machine's time, too; compaction is made by
 * {@link #advance}.
 */
public final class TestClock implements InstantSource {

    private static final Duration FIRST_JUMP = Duration.ofMinutes(1);

    private final InstantSource base;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private final List<TaffrailBroker> brokers = new CopyOnWriteArrayList<>();

    private TestClock(InstantSource base) {
        this.base = base;
    }

    /** A clock that runs, and starts now. */
    public static TestClock running() {
        return new TestClock(InstantSource.system());
    }

    /** A clock that stands still but for {@link #advance}. */
    public static TestClock stoppedAt(Instant time) {
        return new TestClock(InstantSource.fixed(time));
    }

    /**
     * Has time jump, and returns when everything that is due by then has happened in the brokers of
     * this clock, one after another. Time does not pass gradually: it jumps, a minute at most
     * first, then
     * the rest, and what begins to wait in the course of it waits from the new time.
     *
     * @throws IllegalStateException
     *             if a broker is still busy after 20 seconds, as clients keep it so
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + by);
        }
        // How long a delivery is held is counted from the broker's first look at it (HoldingTime).
        Duration first = by.dividedBy(4);
        first = first.compareTo(FIRST_JUMP) < 0 ? first : FIRST_JUMP;
        jump(first);
        jump(by.minus(first));
    }

    private void jump(Duration by) {
        ahead.updateAndGet(by::plus);
        brokers.forEach(TaffrailBroker::timeJumped);
    }

    /** Elapsed time: the machine's, plus what this was advanced by, also where it is stopped. */
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
