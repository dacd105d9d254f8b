package io.taffrail.broker.vhost;

import io.taffrail.broker.message.Message;

/**
 * The limit on the bytes that one message may add to all its queues: a quarter of the heap. Each
 * queue has a log of its own, so a message is copied once per queue, and all copies are in one
 * turn. Beyond that, one publish of a few megabytes to some hundred queues would need more memory
 * than the process has. RabbitMQ's queues share the body.
 */
final class FanOutLimit {

    private static final int PARTS_OF_HEAP = 4;

    /** The most bytes of one message in all its queues. */
    static final long BYTES = Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP;

    private FanOutLimit() {}

    /** Returns whether a message may be added to so many queues. */
    static boolean allows(Message message, int queues) {
        return queues <= 1 || (long) message.body().remaining() * queues <= BYTES;
    }
}
