package io.taffrail.amqp.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.memory.HeldMemory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that blocks others by the memory it holds: one that waited too long for room
 * in the budget, and, while memory is short, one that makes no progress with the memory it holds.
 * On the connection's loop only.
 */
final class MemoryWatch {

    /** The client is told of a wait for memory that is longer than this. */
    private static final int TOLD_AFTER_MS = 1000;
    /** An idle connection that holds at most this much is not closed. */
    private static final long NEGLIGIBLE_BYTES = 64 << 10;

    private final AmqpConnection connection;
    private final HeldMemory memory;
    private final EventLoop loop;
    private final long timeoutMs;
    private final long stalledMs;
    private final Consumer<Boolean> tell;
    private @Nullable Future<?> telling;
    private @Nullable Future<?> ending;
    private boolean told;
    private long seenChanges = -1;
    private long standingMs;

    /**
     * @param timeoutMs
     *            maximum wait for memory, in milliseconds
     * @param stalledMs
     *            maximum time without progress while others wait for memory, in milliseconds
     * @param tell
     *            tells the client that the broker has stopped reading (true) or resumed (false)
     */
    MemoryWatch(AmqpConnection connection, HeldMemory memory, EventLoop loop, long timeoutMs,
            long stalledMs, Consumer<Boolean> tell) {
        this.connection = connection;
        this.memory = memory;
        this.loop = loop;
        this.timeoutMs = timeoutMs;
        this.stalledMs = stalledMs;
        this.tell = tell;
    }

    /**
     * Called when the connection begins or ceases to hold more memory than the budget has room for.
     */
    void changed() {
        if (memory.isIndebted() && ending == null) {
            telling = loop.schedule(connection.guarded(() -> {
                told = true;
                tell.accept(true);
            }), Math.min(TOLD_AFTER_MS, timeoutMs / 2), TimeUnit.MILLISECONDS);
            ending = loop.schedule(connection.guarded(this::waitedTooLong), timeoutMs,
                    TimeUnit.MILLISECONDS);
        } else if (!memory.isIndebted()) {
            cancel();
            if (told) {
                told = false;
                tell.accept(false);
            }
        }
    }

    private void waitedTooLong() {
        connection.end(ReplyCode.RESOURCE_ERROR, "the broker has had no memory for what this"
                + " connection sends or is sent for " + timeoutMs + " ms; it holds "
                + memory.bytes() + " bytes");
    }

    /** Called every {@code intervalMs} milliseconds while other connections wait for memory. */
    void memoryIsShort(long intervalMs) {
        boolean stands = memory.changes() == seenChanges;
        seenChanges = memory.changes();
        standingMs = stands ? standingMs + intervalMs : 0;
        if (standingMs >= stalledMs && memory.bytes() > NEGLIGIBLE_BYTES) {
            connection.end(ReplyCode.RESOURCE_ERROR, "memory is short, and this connection holds "
                    + memory.bytes() + " bytes and has done nothing for " + standingMs + " ms");
        }
    }

    void cancel() {
        if (telling != null) {
            telling.cancel(false);
            telling = null;
        }
        if (ending != null) {
            ending.cancel(false);
            ending = null;
        }
    }
}
