package io.taffrail.amqp.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.memory.HeldMemory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection that holds memory others wait for: one for which the budget has had no room for
 * too long, and, while memory is short, one that stands still with what it holds. On the
 * connection's loop only.
 */
final class MemoryWatch {

    /** A wait longer than this is told to the client. */
    private static final int TOLD_AFTER_MS = 1000;
    /** What a connection holds that does nothing, and that nobody misses. */
    private static final long NEGLIGIBLE_BYTES = 64 << 10;

    private final Connection connection;
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
     *            how long it may wait for memory
     * @param stalledMs
     *            how long it may stand still while others wait
     * @param tell
     *            tells the client that it is not read from, or that it is again
     */
    MemoryWatch(Connection connection, HeldMemory memory, EventLoop loop, long timeoutMs,
            long stalledMs, Consumer<Boolean> tell) {
        this.connection = connection;
        this.memory = memory;
        this.loop = loop;
        this.timeoutMs = timeoutMs;
        this.stalledMs = stalledMs;
        this.tell = tell;
    }

    /** The connection has begun or ceased to hold more than the budget has room for. */
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

    /** Others wait for memory; called at intervals while that is so. */
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
