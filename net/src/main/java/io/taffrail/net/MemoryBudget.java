package io.taffrail.net;

import io.netty.util.internal.PlatformDependent;
import io.taffrail.log.guard.Guard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The budget of memory for client data in this process: bytes received and not yet processed, and
 * answers not yet taken by the client. Each connection has a {@link MemoryShare} and charges it
 * when bytes arrive, never for a length that was only announced.
 *
 * <pre>
 * held by one connection        taken from
 * ------------------------     ----------------------------------------------------
 * up to FLOOR_BYTES             nothing: every connection always has them
 * up to shareBytes              the common half of the budget
 * beyond shareBytes             the other half, the large one
 * </pre>
 *
 * A few connections with large requests therefore cannot block the many with ordinary ones. If a
 * half has no room, connections wait in the order of their charges. <b>The first in line may
 * overdraw</b> if no other connection does. It can therefore always complete its request, so
 * connections that each hold half a request cannot deadlock. The overdraft is bounded by the
 * largest request (one connection per half) and ends when the overdrawn bytes have been released.
 * <p>
 * Thread-safe. A charge is a compare-and-set of the share, and beyond the floor one of the half;
 * the lock is taken only while a charge waits.
 */
public final class MemoryBudget {

    /**
     * Bytes that every connection may hold outside the budget; enough for an
     * ordinary small request.
     */
    public static final int FLOOR_BYTES = 4096;

    private static final int DIRECT_MEMORY_PARTS = 2;

    /** One half: its free bytes and the shares that wait for them. */
    private static final class Half {
        /** Negative while the half is overdrawn. */
        final AtomicLong freeBytes;
        /** Guarded by the budget's lock. */
        final Deque<MemoryShare> waiting = new ArrayDeque<>();
        /** Number of shares in {@link #waiting} or about to be. */
        final AtomicInteger waitingCount = new AtomicInteger();
        /** The share that has overdrawn. Guarded by the budget's lock. */
        @Nullable
        MemoryShare first;

        Half(long bytes) {
            this.freeBytes = new AtomicLong(bytes);
        }

        boolean awaited() {
            return waitingCount.get() > 0;
        }

        boolean take(long bytes) {
            long free = freeBytes.get();
            while (free >= bytes) {
                if (freeBytes.compareAndSet(free, free - bytes)) {
                    return true;
                }
                free = freeBytes.get();
            }
            return false;
        }
    }

    private final Object lock = new Object();
    private final long totalBytes;
    private final int shareBytes;
    private final int stalledMs;
    private final Half common;
    private final Half large;

    /**
     * Creates a budget.
     *
     * @param totalBytes
     *            size of both halves together
     * @param shareBytes
     *            bytes that a connection may hold before it needs the large half; at least
     *            {@link #FLOOR_BYTES}
     * @param stalledMs
     *            longest time in milliseconds that a connection may make no progress
     *            while others wait
     * @throws IllegalArgumentException
     *             if {@code totalBytes} or {@code shareBytes} is too small
     */
    public MemoryBudget(long totalBytes, int shareBytes, int stalledMs) {
        this.stalledMs = stalledMs;
        if (totalBytes < 2L * FLOOR_BYTES || shareBytes < FLOOR_BYTES) {
            throw new IllegalArgumentException("a budget of " + totalBytes
                    + " bytes with a share of " + shareBytes + " for each connection");
        }
        this.totalBytes = totalBytes;
        this.shareBytes = shareBytes;
        this.common = new Half(totalBytes / 2);
        this.large = new Half(totalBytes - totalBytes / 2);
    }

    /** Creates the budget that a configuration asks for; by default half of the direct memory. */
    public static MemoryBudget of(NetConfig config) {
        long total = config.memoryBudgetBytes() > 0
                ? config.memoryBudgetBytes()
                : PlatformDependent.maxDirectMemory() / DIRECT_MEMORY_PARTS;
        return new MemoryBudget(Math.max(total, 2L * FLOOR_BYTES), config.connectionShareBytes(),
                config.stalledMs());
    }

    /** Opens the share of a new connection. */
    public MemoryShare open() {
        return new MemoryShare(this);
    }

    /** Size of both halves together, in bytes. */
    public long totalBytes() {
        return totalBytes;
    }

    /** Bytes charged to shares beyond their floors. */
    public long chargedBytes() {
        return totalBytes - common.freeBytes.get() - large.freeBytes.get();
    }

    /**
     * True while a charge waits. Heads then close connections that hold more than their floor and
     * have made no progress for {@link #stalledMs}.
     */
    public boolean isShort() {
        return common.awaited() || large.awaited();
    }

    /** Longest time in milliseconds that a connection may make no progress while others wait. */
    public int stalledMs() {
        return stalledMs;
    }

    private long commonOf(long heldBytes) {
        return Math.clamp(heldBytes - FLOOR_BYTES, 0, shareBytes - FLOOR_BYTES);
    }

    private long largeOf(long heldBytes) {
        return Math.max(0, heldBytes - shareBytes);
    }

    /** Charges without waiting; fails if other shares already wait for the same half. */
    boolean tryCharge(MemoryShare share, long bytes) {
        while (true) {
            long held = share.heldBytes.get();
            long fromCommon = commonOf(held + bytes) - commonOf(held);
            long fromLarge = largeOf(held + bytes) - largeOf(held);
            if (fromCommon > 0 && (common.awaited() || !common.take(fromCommon))) {
                return false;
            }
            if (fromLarge > 0 && (large.awaited() || !large.take(fromLarge))) {
                give(common, fromCommon);
                return false;
            }
            if (share.heldBytes.compareAndSet(held, held + bytes)) {
                return true;
            }
            give(common, fromCommon);
            give(large, fromLarge);
        }
    }

    /** Charges now, or puts the share in line; true if charged. */
    boolean charge(MemoryShare share, MemoryShare.Wish wish) {
        if (tryCharge(share, wish.bytes())) {
            return true;
        }
        synchronized (lock) {
            if (share.stopped) {
                return false;
            }
            if (share.wish != null) {
                throw new IllegalStateException("a connection waits once at a time");
            }
            share.wish = wish;
            Half half = halfFor(share, wish.bytes());
            half.waitingCount.incrementAndGet();
            if (share.equals(half.first) && !share.requestWhole) {
                half.waiting.addFirst(share);
            } else {
                half.waiting.addLast(share);
            }
        }
        serve();
        return false;
    }

    /** The half for which a share must wait to hold {@code bytes} more. */
    private Half halfFor(MemoryShare share, long bytes) {
        return largeOf(share.heldBytes.get() + bytes) > 0 ? large : common;
    }

    /** Takes back bytes that a share no longer holds. */
    void release(MemoryShare share, long bytes) {
        long held = share.heldBytes.getAndUpdate(before -> Math.max(0, before - bytes));
        // A release that meets the share's close finds less, because all has been released.
        assert held >= bytes || share.isClosed() : held + " bytes held, " + bytes + " released";
        long left = Math.max(0, held - bytes);
        give(common, commonOf(held) - commonOf(left));
        give(large, largeOf(held) - largeOf(left));
        if (isShort() || share.overdrawn) {
            serve();
        }
    }

    /** Ends the waiting of a share; if it was the first in line, the next one may be served. */
    void stop(MemoryShare share) {
        synchronized (lock) {
            share.stopped = true;
            if (share.wish != null) {
                share.wish = null;
                leave(common, share);
                leave(large, share);
            }
        }
        serve();
    }

    /**
     * Notes that the request for which a share may have overdrawn is complete; its next
     * request must wait.
     */
    void requestWhole(MemoryShare share) {
        if (share.overdrawn) {
            synchronized (lock) {
                share.requestWhole = share.overdrawn;
            }
        }
    }

    private static void leave(Half half, MemoryShare share) {
        if (half.waiting.remove(share)) {
            half.waitingCount.decrementAndGet();
        }
    }

    private static void give(Half half, long bytes) {
        if (bytes > 0) {
            half.freeBytes.addAndGet(bytes);
        }
    }

    /** Charges waiting shares as far as there is room, and runs their actions. */
    private void serve() {
        MemoryShare.Wish served = next();
        while (served != null) {
            Runnable granted = served.granted();
            Guard.run("NET-003", "a connection that waited for memory", granted);
            served = next();
        }
    }

    private MemoryShare.@Nullable Wish next() {
        synchronized (lock) {
            MemoryShare.Wish wish = next(common, FLOOR_BYTES);
            return wish != null ? wish : next(large, shareBytes);
        }
    }

    /**
     * Charges and returns the next waiting request of a half; {@code null} if there is
     * none or no room.
     *
     * @param untilBytes
     *            a share stops overdrawing when it holds at most this many bytes
     */
    private MemoryShare.@Nullable Wish next(Half half, long untilBytes) {
        assert Thread.holdsLock(lock);
        if (half.first != null && half.first.heldBytes.get() <= untilBytes) {
            half.first.overdrawn = false;
            half.first.requestWhole = false;
            half.first = null;
        }
        MemoryShare share = half.waiting.peek();
        assert share == null || share.wish != null : "in line for nothing";
        if (share == null || share.wish == null) {
            return null;
        }
        MemoryShare.Wish wish = share.wish;
        if (!takeFor(half, share, wish.bytes())) {
            return null;
        }
        half.waiting.remove();
        half.waitingCount.decrementAndGet();
        share.wish = null;
        return wish;
    }

    /**
     * Charges the first share in line; overdraws if no other share does. Called with the lock held.
     */
    private boolean takeFor(Half half, MemoryShare share, long bytes) {
        boolean mayOverdraw = half.first == null
                || (share.equals(half.first) && !share.requestWhole);
        while (true) {
            long held = share.heldBytes.get();
            long fromCommon = commonOf(held + bytes) - commonOf(held);
            long fromLarge = largeOf(held + bytes) - largeOf(held);
            boolean room = common.freeBytes.get() >= fromCommon
                    && large.freeBytes.get() >= fromLarge;
            if (!room && !mayOverdraw) {
                return false;
            }
            if (!share.heldBytes.compareAndSet(held, held + bytes)) {
                continue;
            }
            common.freeBytes.addAndGet(-fromCommon);
            large.freeBytes.addAndGet(-fromLarge);
            if (!room) {
                half.first = share;
                share.overdrawn = true;
            }
            return true;
        }
    }
}
