package io.taffrail.broker.vhost;

/**
 * Told what became of messages a {@link Publisher} took. On the owner thread, in the order of
 * tags, once for a whole group of messages.
 */
public interface ConfirmListener {

    /** Not stored: a queue refused it, or storing failed. Comes before {@link #confirmed}. */
    void rejected(long tag);

    /**
     * Every message up to this tag that was not rejected is durable in each of its queues, or had
     * none.
     */
    void confirmed(long upToTag);

    /**
     * One of the methods above threw: what it was to tell may be lost, and nothing more is told,
     * as a later confirm of several messages would include what was missed. Whoever publishes has
     * to hear of that another way.
     */
    default void failed(Throwable cause) {
        // A publisher that waits for confirms waits in vain.
    }
}
