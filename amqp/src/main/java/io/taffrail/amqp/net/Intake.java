package io.taffrail.amqp.net;

import io.netty.channel.Channel;
import io.taffrail.amqp.output.FrameOutput;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether a connection is read from: not while the journal is far behind what was published, and
 * not while the client lets answers pile up. Deliveries stop much earlier than that, so that a
 * client that first writes and then reads is not stopped by them.
 */
final class Intake {

    private static final long MAX_PENDING_OUTPUT_BYTES = 8 << 20;
    private static final int RETRY_MS = 1;

    private final Channel socket;
    private final FrameOutput output;
    private final LongSupplier unforcedBytes;
    private final long maxUnforcedBytes;
    private boolean stopped;
    private boolean closed;
    /** An alarm holds it, until it is told otherwise. */
    private boolean blocked;
    /** Something received is not done with, and what follows has to wait for it. */
    private boolean held;

    Intake(Channel socket, FrameOutput output, LongSupplier unforcedBytes, long maxUnforcedBytes) {
        this.socket = socket;
        this.output = output;
        this.unforcedBytes = unforcedBytes;
        this.maxUnforcedBytes = maxUnforcedBytes;
    }

    /** Stops or goes on, as things are. */
    void regulate() {
        if (closed) {
            return;
        }
        boolean stop = blocked || held || unforcedBytes.getAsLong() > maxUnforcedBytes
                || output.pendingBytes() > MAX_PENDING_OUTPUT_BYTES;
        if (stop != stopped) {
            stopped = stop;
            var _ = socket.config().setAutoRead(!stop);
            if (stop && !blocked && !held) {
                lookAgain();
            }
        }
    }

    /** Stops for as long as an alarm lasts, or goes on after it. */
    void block(boolean byAlarm) {
        blocked = byAlarm;
        changed();
    }

    /** Stops until what was received is done with, or goes on after it. */
    void hold(boolean wanted) {
        held = wanted;
        changed();
    }

    private void changed() {
        regulate();
        if (stopped && !blocked && !held && !closed) {
            lookAgain();
        }
    }

    private void lookAgain() {
        var _ = socket.eventLoop().schedule(() -> {
            regulate();
            if (stopped && !blocked && !held) {
                lookAgain();
            }
        }, RETRY_MS, TimeUnit.MILLISECONDS);
    }

    /** Reads on, whatever comes: the connection ends. */
    void close() {
        closed = true;
        stopped = false;
        var _ = socket.config().setAutoRead(true);
    }
}
