package io.taffrail.verify.load;

import java.time.Duration;

/** Clients of one protocol that write and read, and record what they do. Of one thread. */
public interface Workload extends AutoCloseable {

    /** Waits until the broker answers; {@link WorkloadException} if it does not in that time. */
    void awaitServing(Duration limit) throws InterruptedException;

    /** Makes topics or queues; nothing is sent yet. */
    void prepare() throws InterruptedException;

    /** Starts producers and consumers. */
    void start();

    /** Records what is to be known after each fault, while the clients work on. */
    void observe() throws InterruptedException;

    /**
     * Ends the producers, lets the consumers finish, then reads everything that is there. What did
     * not come to an end within the limit is recorded as failed.
     */
    void finish(Duration limit) throws InterruptedException;

    /**
     * Deletes the topics or queues that {@link #prepare} made: on a broker that is used by others.
     */
    void remove() throws InterruptedException;

    /** Lets go of everything, at once. */
    @Override
    void close();
}
