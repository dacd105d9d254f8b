package io.taffrail.amqp.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.taffrail.amqp.output.FrameOutput;
import java.util.concurrent.TimeUnit;

/**
 * Heartbeats in both directions (AMQP 0-9-1 §4.2.7): sends a heartbeat when nothing was sent
 * for half an interval, and reports the client as dead when nothing was received for two intervals.
 * On the connection's loop only.
 */
final class Heartbeats {

    /** Half-intervals without input after which the client counts as dead. */
    private static final int MOST_SILENT_TICKS = 4;

    private final FrameOutput output;
    private final Runnable silent;
    private final ScheduledFuture<?> ticks;
    private long writtenBefore;
    private boolean received = true;
    private int silentTicks;
    private boolean paused;

    /**
     * Starts the timer.
     *
     * @param intervalSeconds
     *            negotiated interval in seconds, at least 1
     * @param silent
     *            run when the client counts as dead
     */
    Heartbeats(AmqpConnection connection, EventLoop loop, FrameOutput output, int intervalSeconds,
            Runnable silent) {
        this.output = output;
        this.silent = silent;
        long tickMs = intervalSeconds * 500L;
        this.ticks = loop.scheduleAtFixedRate(connection.guarded(this::tick), tickMs, tickMs,
                TimeUnit.MILLISECONDS);
    }

    /** Records that bytes were received. */
    void received() {
        received = true;
    }

    /**
     * Suspends the check for a silent client ({@code true}) while nothing is read from
     * it, or resumes it.
     */
    void pause(boolean newPaused) {
        paused = newPaused;
        received = true;
    }

    private void tick() {
        silentTicks = received || paused ? 0 : silentTicks + 1;
        received = false;
        if (silentTicks >= MOST_SILENT_TICKS) {
            close();
            silent.run();
            return;
        }
        if (output.written() == writtenBefore) {
            output.heartbeat();
        }
        writtenBefore = output.written();
    }

    void close() {
        ticks.cancel(false);
    }
}
