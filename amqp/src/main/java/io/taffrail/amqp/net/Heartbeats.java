package io.taffrail.amqp.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.taffrail.amqp.output.FrameOutput;
import java.util.concurrent.TimeUnit;

/**
 * Heartbeats both ways (AMQP 0-9-1 §4.2.7): sends one when nothing else was sent for half an
 * interval, and gives the client up when nothing came for two.
 */
final class Heartbeats {

    /** Half-intervals without a byte after which a client is given up. */
    private static final int MOST_SILENT_TICKS = 4;

    private final FrameOutput output;
    private final Runnable silent;
    private final ScheduledFuture<?> ticks;
    private long writtenBefore;
    private boolean received = true;
    private int silentTicks;
    private boolean paused;

    /**
     * Begins.
     *
     * @param intervalSeconds
     *            at least 1
     * @param silent
     *            run when the client is given up
     */
    Heartbeats(Connection connection, EventLoop loop, FrameOutput output, int intervalSeconds,
            Runnable silent) {
        this.output = output;
        this.silent = silent;
        long tickMs = intervalSeconds * 500L;
        this.ticks = loop.scheduleAtFixedRate(connection.guarded(this::tick), tickMs, tickMs,
                TimeUnit.MILLISECONDS);
    }

    /** Something came. */
    void received() {
        received = true;
    }

    /** Nothing is read from the client: it may be as silent as it likes. */
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
