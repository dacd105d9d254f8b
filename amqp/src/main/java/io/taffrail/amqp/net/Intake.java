package io.taffrail.amqp.net;

import io.netty.channel.Channel;
import io.taffrail.amqp.memory.HeldMemory;
import io.taffrail.amqp.output.FrameOutput;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Flow control for input: stops reading from a connection's socket, and stops processing received
 * frames, while there is a reason to.
 *
 * <pre>
 * reason                                         not read   not processed   until
 * --------------------------------------------  ---------  --------------  ------------------------
 * a resource alarm                                  x                       it clears
 * the journal is behind: too much unforced          x                       it has caught up
 * an earlier request must complete first            x            x          it completes
 * too many answers not taken by the client          x            x          the socket is writable
 * more memory held than the budget has room for     x            x          there is room
 * the connection has used up its turn               x            x          others had their turn
 * </pre>
 *
 * Deliveries stop well below the limit for answers, so a client that writes everything before it
 * reads is not blocked by its deliveries. On the connection's loop only.
 */
final class Intake {

    /** Answers waiting for the client, in bytes, above which its requests are not processed. */
    static final long MAX_PENDING_OUTPUT_BYTES = 8 << 20;
    /**
     * Work that one connection may cause on its loop before others get a turn, in units of
     * {@code VirtualHost.work}; about 2 ms.
     */
    static final int MAX_WORK = 4096;
    /** Interval between checks whether the journal has caught up. */
    private static final int RETRY_MS = 1;

    private final AmqpConnection connection;
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
    /** A resource alarm blocks the connection. */
    private boolean blocked;
    /** A request in progress must complete before later frames are processed. */
    private boolean held;
    /** The connection has used up its turn. */
    private boolean spent;
    /** The client has too many answers outstanding. */
    private boolean full;

    Intake(AmqpConnection connection, Channel socket, FrameOutput output, HeldMemory memory,
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
     * Records that a frame was processed, and stops input if a limit is reached.
     *
     * @param work
     *            cost of the frame in units of {@code VirtualHost.work}
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

    /** Stops or resumes input according to the current state. */
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

    /** Stops input while a resource alarm lasts ({@code true}), or resumes it ({@code false}). */
    void block(boolean byAlarm) {
        blocked = byAlarm;
        regulate();
    }

    /**
     * Stops input until earlier requests complete ({@code true}), or resumes it ({@code false}).
     */
    void hold(boolean wanted) {
        held = wanted;
        regulate();
    }

    /** Polls, because the journal does not notify when it has caught up. */
    private void lookAgain() {
        lookingAgain = true;
        var _ = socket.eventLoop().schedule(connection.guarded(() -> {
            lookingAgain = false;
            regulate();
        }), RETRY_MS, TimeUnit.MILLISECONDS);
    }

    /** Reads without limits from now on, because the connection is ending. */
    void close() {
        closed = true;
        stopped = false;
        var _ = socket.config().setAutoRead(true);
    }
}
