package io.taffrail.amqp.memory;

import io.taffrail.net.MemoryShare;
import java.util.function.Consumer;

/**
 * Memory accounting of one connection: everything it holds is charged to its share of the memory
 * budget on arrival. Bytes that do not fit are held anyway, as a <b>debt</b>: the connection is
 * neither read from nor delivered to until the budget has room for them. A connection thus exceeds
 * its share by at most one frame or one message. On the connection's loop only.
 */
public final class HeldMemory {

    private final MemoryShare share;
    private final Consumer<Runnable> loop;
    private final Runnable changed;
    private long chargedBytes;
    /** Bytes held but not charged. */
    private long debtBytes;
    /** Part of the debt that waits in line for the budget. */
    private long askedBytes;
    /** Bytes in line that were released meanwhile. */
    private long returnedBytes;
    private long changes;
    private boolean closed;

    /**
     * @param loop
     *            runs a task on the connection's loop; called on any thread
     * @param changed
     *            run on the loop when a debt begins or is paid
     */
    public HeldMemory(MemoryShare share, Consumer<Runnable> loop, Runnable changed) {
        this.share = share;
        this.loop = loop;
        this.changed = changed;
    }

    /** Charges bytes that the connection holds from now on. */
    public void add(long bytes) {
        if (closed || bytes == 0) {
            return;
        }
        changes++;
        if (debtBytes == 0 && share.tryCharge(bytes)) {
            chargedBytes += bytes;
            return;
        }
        boolean first = debtBytes == 0;
        debtBytes += bytes;
        if (askedBytes == 0) {
            ask();
        }
        if (first && debtBytes > 0) {
            changed.run();
        }
    }

    private void ask() {
        long bytes = debtBytes;
        askedBytes = bytes;
        if (share.charge(bytes, () -> loop.accept(() -> granted(bytes)))) {
            take(bytes);
        }
    }

    private void granted(long bytes) {
        if (closed) {
            return;
        }
        take(bytes);
        if (debtBytes > 0) {
            ask();
        }
        if (debtBytes == 0) {
            changed.run();
        }
    }

    private void take(long bytes) {
        askedBytes = 0;
        debtBytes -= bytes;
        chargedBytes += bytes - returnedBytes;
        share.release(returnedBytes);
        returnedBytes = 0;
    }

    /** Releases bytes that the connection no longer holds. */
    public void remove(long bytes) {
        if (closed || bytes == 0) {
            return;
        }
        changes++;
        long unasked = Math.min(debtBytes - askedBytes, bytes);
        debtBytes -= unasked;
        long charged = Math.min(chargedBytes, bytes - unasked);
        chargedBytes -= charged;
        returnedBytes += bytes - unasked - charged;
        share.release(charged);
    }

    /** True while the connection holds more than the budget has room for. */
    public boolean isIndebted() {
        return debtBytes > 0;
    }

    /**
     * Called when a message is complete. If the share was overdrawn for it, the next message waits
     * in line for memory.
     */
    public void messageComplete() {
        share.requestWhole();
    }

    /** Bytes held now. */
    public long bytes() {
        return chargedBytes + debtBytes - returnedBytes;
    }

    /** Number of changes so far. If it does not grow, the connection makes no progress. */
    public long changes() {
        return changes;
    }

    /** Releases everything; later calls of {@link #add} and {@link #remove} do nothing. */
    public void close() {
        closed = true;
        share.close();
    }
}
