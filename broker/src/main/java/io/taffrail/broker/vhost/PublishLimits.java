package io.taffrail.broker.vhost;

import io.taffrail.broker.message.Message;

/**
 * The work of one publish or transaction that is done in one task of the owner; one with more takes
 * several tasks, see {@link LongPublish} and {@link LongCommit}.
 *
 * @param routingCost
 *            bindings examined, in units of {@link VirtualHost#work}
 * @param copies
 *            queues that get the message in one turn
 * @param copiedBytes
 *            bytes that these copies take in one turn
 * @param copiesOneByOne
 *            copies of messages of one transaction for streams and for queues that look at each
 */
public record PublishLimits(int routingCost, int copies, long copiedBytes, int copiesOneByOne) {

    /** About a millisecond of routing, and tens of milliseconds of storing. */
    public static final PublishLimits USUAL = new PublishLimits(16 << 10, 8 << 10, 32L << 20,
            256 << 10);

    /**
     * A message that the broker moves itself is routed in one task, with so many times the cost, or
     * else in steps.
     */
    private static final long MOVED = 16;

    /** The same factor for a message that cannot wait, and is lost if it costs more. */
    private static final long UNSTORED = 256;

    /** A part of a message with more copies is a sixteenth of what is stored in one turn. */
    private static final int PARTS = 16;

    /** Most that routing a dead letter, or a delayed message that is due, may cost in one task. */
    long movedAtOnce() {
        return MOVED * routingCost;
    }

    /**
     * Most that routing may cost for a message of a history, or for a dead letter that was refused
     * before it was stored.
     */
    long unstoredCost() {
        return UNSTORED * routingCost;
    }

    /** Whether the copies of a message are stored in one turn, all or nothing over a crash. */
    boolean allowOneTurn(Message message, int queues) {
        return queues <= 1 || (queues <= copies && bytes(message, queues) <= copiedBytes);
    }

    /** Number of copies of a message in one part of a publish with more of them. */
    int copiesInPart(Message message) {
        long most = Math.min(copies, copiedBytes / Math.max(1, bytes(message, 1)));
        return Math.toIntExact(Math.max(1, most / PARTS));
    }

    private static long bytes(Message message, int queues) {
        return (long) queues * message.body().remaining();
    }
}
