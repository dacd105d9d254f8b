package io.taffrail.kafka.net;

import io.taffrail.log.guard.Guard;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.MemoryShare;

/**
 * A connection's dealings with its share of memory: one charge at a time waits, for a frame, for
 * the objects of the next request or for the next response; the others ask again when that is over.
 * On the connection's event loop only,
 * except {@link #release}.
 */
final class Memory {

    /** A client that moves so much between two looks makes progress. */
    static final int PROGRESS_BYTES = 64 * 1024;

    /** What a client had moved when it was last looked at. */
    private record Moved(long receivedBytes, long unwrittenBytes, long partBytes) {}

    private final MemoryShare share;
    private final Connection connection;
    private boolean waiting;
    private boolean stopped;
    private boolean watched;

    Memory(MemoryShare share, Connection connection) {
        this.share = share;
        this.connection = connection;
    }

    /** Charges, or waits and tells the connection by {@link Connection#roomForFrame}. */
    boolean forFrame(int bytes) {
        return charge(bytes, connection::roomForFrame);
    }

    /** Charges, or waits and tells the connection by {@link Connection#roomForResponse}. */
    boolean forResponse(int bytes) {
        return charge(bytes, connection::roomForResponse);
    }

    /** Charges, or waits and tells the connection by {@link Connection#roomForObjects}. */
    boolean forObjects(int bytes) {
        return charge(bytes, connection::roomForObjects);
    }

    private boolean charge(int bytes, Runnable then) {
        // Also what is granted already, and not yet told, must not be charged again.
        if (waiting) {
            return false;
        }
        if (share.tryCharge(bytes) || share.charge(bytes, () -> granted(bytes, then))) {
            return charged();
        }
        waiting = !stopped;
        return false;
    }

    private void granted(int bytes, Runnable then) {
        connection.channel().eventLoop().execute(() -> {
            waiting = false;
            if (stopped) {
                share.release(bytes);
                return;
            }
            charged();
            Guard.run(then, connection::failed);
        });
    }

    private boolean charged() {
        if (!watched && share.heldBytes() > MemoryBudget.FLOOR_BYTES) {
            watched = true;
            watch(moved());
        }
        return true;
    }

    /** While much is held, looks now and then whether the client is to blame for it. */
    private void watch(Moved before) {
        connection.later(() -> {
            if (share.heldBytes() <= MemoryBudget.FLOOR_BYTES) {
                watched = false;
                return;
            }
            Moved now = moved();
            boolean stalled = connection.unwrittenBytes() > 0
                    ? now.unwrittenBytes() == before.unwrittenBytes()
                            && now.partBytes() == before.partBytes()
                    : !waiting && connection.waitsForRequest()
                            && now.receivedBytes() - before.receivedBytes() < PROGRESS_BYTES;
            if (stalled && scarce()) {
                connection.close("memory is scarce, and it held " + share.heldBytes()
                        + " bytes without sending the rest of its request or taking its answer for "
                        + share.budget().stalledMs() + " ms");
            } else {
                watch(now);
            }
        }, share.budget().stalledMs());
    }

    private Moved moved() {
        return new Moved(connection.reader().receivedBytes(), connection.unwrittenBytes(),
                connection.partWrittenBytes());
    }

    /** Whether others wait for memory. */
    boolean scarce() {
        return share.budget().isShort();
    }

    /** A whole frame has come. */
    void requestWhole() {
        share.requestWhole();
    }

    /** Gives back what was charged; on any thread. */
    void release(long bytes) {
        share.release(bytes);
    }

    /** The connection has ended; what is under way is still released. */
    void stop() {
        stopped = true;
        share.stop();
    }
}
