package io.taffrail.verify.load;

import java.time.Duration;

/** The clients of one protocol, which write, read and record a history. For a single thread. */
public interface Workload extends AutoCloseable {

    /**
     * Waits until the broker responds.
     *
     * @throws WorkloadException
     *             if it does not respond within {@code limit}
     */
    void awaitServing(Duration limit) throws InterruptedException;

    /** Creates topics or queues; sends no messages. */
    void prepare() throws InterruptedException;

    /** Starts producers and consumers. */
    void start();

    /** Records the state that can be queried after a fault, while the clients continue. */
    void observe() throws InterruptedException;

    /**
     * Stops the producers, lets the consumers finish, then reads all messages that are left.
     * Operations that exceed {@code limit} are recorded as failed.
     */
    void finish(Duration limit) throws InterruptedException;

    /**
     * Deletes the topics or queues that {@link #prepare} created; for a broker
     * that others use, too.
     */
    void remove() throws InterruptedException;

    /** Stops all clients at once. */
    @Override
    void close();
}
