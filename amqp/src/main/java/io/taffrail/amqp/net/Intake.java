package io.taffrail.amqp.net;

import io.netty.channel.Channel;
import io.taffrail.amqp.memory.HeldMemory;
import io.taffrail.amqp.output.FrameOutput;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Whether a connection is read from, and whether what was read is looked at.
 *
 * <pre>
 * reason                                              not read   not looked at   ends
 * -------------------------------------------------  ---------  --------------  ---------------------
 * an alarm                                               x                       with the alarm
 * the journal is far behind what was published          x                       when it has caught up
 * a request is not done with that others build on       x            x          with the request
 * the client lets answers pile up                        x            x          when it has taken them
 * it holds more than the memory budget has room for     x            x          when there is room
 * it has given the broker as much to do as a turn has    x            x          when others had their turn
 * </pre>
 *
 * Deliveries stop much earlier than at the limit of answers, so that a client that first writes and
 * then reads is not stopped by them.
 */
final class Intake {

    static final long MAX_PENDING_OUTPUT_BYTES = 8 << 20;
    /**
     * What one connection may have the loop do before others have their turn, as
     * {@code VirtualHost.work} counts: about 2 ms.
     */
    static final int MAX_WORK = 4096;
    private static final int RETRY_MS = 1;

    private final Connection connection;
    private final Channel socket;
    private final FrameOutput output;
    private final HeldMemory memory;
    private final LongSupplier unforcedBytes;
    private final long maxUnforcedBytes;
    private final Consumer<Runnable> inTurn;
    private long workInTurn;
    private boolean stopped;
    private boolean halted;
    private boolean closed;
    private boolean lookingAgain;
    /** An alarm holds it, until it is told otherwise. */
    private boolean blocked;
    /** Something received is not done with, and what follows has to wait for it. */
    private boolean held;
    /** What it published has cost as much as may be between two turns of others. */
    private boolean spent;
    /** The client has not taken its answers. */
    private boolean full;

    Intake(Connection connection, Channel socket, FrameOutput output, HeldMemory memory,
            LongSupplier unforcedBytes, long maxUnforcedBytes, Consumer<Runnable> inTurn) {
        this.connection = connection;
        this.socket = socket;
        this.output = output;
        this.memory = memory;
        this.unforcedBytes = unforcedBytes;
        this.maxUnforcedBytes = maxUnforcedBytes;
        this.inTurn = inTurn;
    }

    /**
     * A frame was handled: the next one may have to wait.
     *
     * @param work
     *            what it has cost, as {@code VirtualHost.work} counts
     */
    void handled(long work) {
        workInTurn += work;
        if (workInTurn >= MAX_WORK && !spent && !closed) {
            spent = true;
            regulate();
            inTurn.accept(this::nextTurn);
        }
        if (memory.isIndebted() || output.pendingBytes() > MAX_PENDING_OUTPUT_BYTES) {
            regulate();
        }
    }

    private void nextTurn() {
        spent = false;
        workInTurn = 0;
        regulate();
    }

    /** Stops or goes on, as things are. */
    void regulate() {
        if (closed) {
            return;
        }
        full = full
                ? !output.isWritable()
                : output.pendingBytes() > MAX_PENDING_OUTPUT_BYTES;
        boolean halt = held || full || spent || memory.isIndebted();
        boolean behind = unforcedBytes.getAsLong() > maxUnforcedBytes;
        boolean stop = halt || blocked || behind;
        if (stop != stopped) {
            stopped = stop;
            var _ = socket.config().setAutoRead(!stop);
        }
        if (behind && !halt && !blocked && !lookingAgain) {
            lookAgain();
        }
        if (halt != halted) {
            halted = halt;
            if (halt) {
                connection.pause();
            } else {
                connection.resume();
            }
        }
    }

    /** Stops for as long as an alarm lasts, or goes on after it. */
    void block(boolean byAlarm) {
        blocked = byAlarm;
        regulate();
    }

    /** Stops until what was received is done with, or goes on after it. */
    void hold(boolean wanted) {
        held = wanted;
        regulate();
    }

    /** Nothing tells when the journal has caught up. */
    private void lookAgain() {
        lookingAgain = true;
        var _ = socket.eventLoop().schedule(connection.guarded(() -> {
            lookingAgain = false;
            regulate();
        }), RETRY_MS, TimeUnit.MILLISECONDS);
    }

    /** Reads on, whatever comes: the connection ends. */
    void close() {
        closed = true;
        stopped = false;
        var _ = socket.config().setAutoRead(true);
    }
}
