package io.taffrail.broker.vhost;

import io.taffrail.broker.message.Message;
import java.util.List;

/**
 * A transaction of a client that is to be committed: messages to publish and deliveries to settle.
 * Owner thread only.
 */
public interface Commit {

    /** The messages in order, in buffers that stay unchanged until the commit has an outcome. */
    List<Message> messages();

    /** Called in the atomic step for each message that is not routed to any queue. */
    void unrouted(int index);

    /** Settles the deliveries; called once, at the end of the atomic step. */
    void settle();

    /**
     * Whether the client is gone. Asked until the atomic step begins: then nothing is published or
     * settled.
     */
    boolean isCancelled();
}
