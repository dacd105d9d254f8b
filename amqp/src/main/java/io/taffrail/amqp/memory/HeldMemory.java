package io.taffrail.amqp.memory;

import io.taffrail.net.MemoryShare;
import java.util.function.Consumer;

/**
 * Everything one connection holds, charged to its share of the process's budget when it has
 * arrived. What does not fit is held all the same, as a <b>debt</b>: the connection is neither read
 * from nor delivered to until the budget has room for it. So a connection oversteps by one frame or
 * one message at most. On the connection's loop only.
 */
public final class HeldMemory {

    private final MemoryShare share;
    private final Consumer<Runnable> loop;
    private final Runnable changed;
    private long chargedBytes;
    /** Held and not charged. */
    private long debtBytes;
    /** The part of the debt that is in line for the budget. */
    private long askedBytes;
    /** Of what is in line, what is no longer held. */
    private long returnedBytes;
    private long changes;
    private boolean closed;

    /**
     * @param loop
     *            runs a task on the connection's loop; for any thread
     * @param changed
     *            run on the loop when a debt has been made or paid
     */
    public HeldMemory(MemoryShare share, Consumer<Runnable> loop, Runnable changed) {
        this.share = share;
        this.loop = loop;
        this.changed = changed;
    }

    /** Holds more from now on. */
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

    /** Holds less from now on. */
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

    /** Whether more is held than the budget had room for. */
    public boolean isIndebted() {
        return debtBytes > 0;
    }

    /** A message is complete: what it needed is given back before the next one may overdraw. */
    public void messageComplete() {
        share.requestWhole();
    }

    /** Bytes held now. */
    public long bytes() {
        return chargedBytes + debtBytes - returnedBytes;
    }

    /**
     * Grows whenever something comes or goes: a connection that stands still is recognised by it.
     */
    public long changes() {
        return changes;
    }

    /** Gives everything back; what comes later is not counted. */
    public void close() {
        closed = true;
        share.close();
    }
}
