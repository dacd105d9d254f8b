package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.taffrail.log.guard.Guard;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.MemoryShare;

/**
 * A connection's access to its share of memory. At most one charge waits at a time: for a frame,
 * for the objects of the next request, or for the next response. The others must ask again after it
 * is granted. All methods run on the connection's event loop, except {@link #release}.
 */
final class Memory {

    /** Bytes that a client must move between two checks to count as making progress. */
    static final int PROGRESS_BYTES = 64 * 1024;

    /** Bytes of objects per byte of a large request. */
    private static final int OBJECT_FACTOR = 16;
    private static final int MAX_OBJECT_BYTES = 32 << 20;

    /**
     * Byte counts of the connection at a check.
     *
     * @param unwrittenBytes
     *            bytes of responses that the client has not taken
     * @param partBytes
     *            bytes that the client has taken of the response part that is being sent
     */
    private record Moved(long receivedBytes, long unwrittenBytes, long partBytes) {}

    private final MemoryShare share;
    private final KafkaConnection connection;
    private boolean waiting;
    /** True if the memory for the next request's objects is charged. */
    private boolean objectsCharged;
    private boolean stopped;
    private boolean watched;

    Memory(MemoryShare share, KafkaConnection connection) {
        this.share = share;
        this.connection = connection;
    }

    /**
     * Charges memory, or returns false and calls {@link KafkaConnection#roomForFrame} once it is
     * charged.
     */
    boolean forFrame(int bytes) {
        return charge(bytes, connection::roomForFrame);
    }

    /**
     * Charges memory, or returns false and calls {@link KafkaConnection#roomForResponse} once it is
     * charged.
     */
    boolean forResponse(int bytes) {
        return charge(bytes, connection::roomForResponse);
    }

    /**
     * Extra memory for a large request's objects, which take many times its bytes. Not used for
     * produce requests: they are mostly records, which are not turned into objects.
     */
    static int objectBytes(ByteBuf frame) {
        long beyond = Math.max(0, frame.readableBytes() - MemoryBudget.FLOOR_BYTES);
        return (int) Math.min(MAX_OBJECT_BYTES, beyond * OBJECT_FACTOR);
    }

    /**
     * Charges memory for the objects of the next request, or returns false and calls {@link
     * KafkaConnection#roomForObjects} once it is charged. Charges once until {@link #takeCharge}.
     */
    boolean forObjects(ByteBuf frame) {
        int bytes = objectBytes(frame);
        if (objectsCharged || bytes == 0 || charge(bytes, this::objectsCharged)) {
            objectsCharged = true;
            return true;
        }
        return false;
    }

    private void objectsCharged() {
        objectsCharged = true;
        connection.roomForObjects();
    }

    /**
     * Passes on what is charged for the next request: its frame, and its objects if {@link
     * #forObjects} has charged them. The caller must release it.
     */
    int takeCharge(ByteBuf frame) {
        int bytes = frame.readableBytes() + (objectsCharged ? objectBytes(frame) : 0);
        objectsCharged = false;
        return bytes;
    }

    private boolean charge(int bytes, Runnable then) {
        // A charge that is granted but not yet reported must not be charged twice.
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

    /**
     * Checks periodically, while the connection holds much memory, whether its client has stalled.
     */
    private void watch(Moved before) {
        connection.later(() -> {
            if (share.heldBytes() <= MemoryBudget.FLOOR_BYTES) {
                watched = false;
                return;
            }
            Moved now = moved();
            boolean stalled = now.unwrittenBytes() > 0
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
        ChannelOutboundBuffer output = connection.channel().unsafe().outboundBuffer();
        return new Moved(connection.reader().receivedBytes(),
                output == null ? 0 : output.totalPendingWriteBytes(),
                output == null ? 0 : output.currentProgress());
    }

    /** Whether other connections wait for memory. */
    boolean scarce() {
        return share.budget().isShort();
    }

    /** Reports that a complete frame has arrived. */
    void requestWhole() {
        share.requestWhole();
    }

    /** Releases charged memory; on any thread. */
    void release(long bytes) {
        share.release(bytes);
    }

    /** Ends waiting after the connection has closed. Charges that remain are released later. */
    void stop() {
        stopped = true;
        share.stop();
    }
}
