package io.taffrail.kafka.net;

/**
 * Wait of one connection for storage, before it starts a produce request. All methods run on the
 * connection's event loop, except {@link #storageMayBeOpen}.
 */
final class StorageWait implements Backpressure.Waiter {

    /**
     * Retry interval in milliseconds. Other heads do not report that their unforced bytes have
     * decreased.
     */
    private static final int RETRY_MS = 10;

    private final KafkaConnection connection;
    private final Backpressure backpressure;
    private boolean waiting;

    StorageWait(KafkaConnection connection, Backpressure backpressure) {
        this.connection = connection;
        this.backpressure = backpressure;
    }

    /**
     * Checks storage. If it is closed, calls {@link KafkaConnection#pump} after another
     * connection's append or {@link #RETRY_MS}.
     */
    boolean isOver() {
        if (backpressure.storageOpen()) {
            return true;
        }
        if (!waiting) {
            waiting = true;
            backpressure.await(this);
            connection.later(this::look, RETRY_MS);
        }
        return false;
    }

    @Override
    public void storageMayBeOpen() {
        connection.here(this::look);
    }

    private void look() {
        if (waiting) {
            waiting = false;
            backpressure.leave(this);
            connection.pump();
        }
    }

    /** Ends the wait; the connection has closed. */
    void stop() {
        backpressure.leave(this);
    }
}
