package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.queue.QueueDeclaration;

/**
 * The memory that the definitions of one virtual host take: exchanges, queues, bindings and
 * policies
 * stay in memory with their arguments, and clients declare as many as they like. Estimated from
 * names and
 * arguments; what was stored before is counted at a start, and never refused. Owner thread only.
 */
final class DefinitionSpace {

    /** An object without its name and arguments, with its entries in maps. */
    private static final int OBJECT_BYTES = 512;

    /** What a queue takes beside its definition while nobody uses it: logs, cursor, consumers. */
    private static final int QUEUE_BYTES = 5 << 10;

    /** What each level takes in a queue with priorities. */
    private static final int PRIORITY_BYTES = 128;

    private static final int MOST_PRIORITIES = 255;

    /** Copies of names and arguments: as sent, as read by routers, and in the metadata store. */
    private static final int COPIES = 4;

    private final long limitBytes;
    private long heldBytes;

    /**
     * @param limitBytes
     *            that clients may fill
     */
    DefinitionSpace(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** An eighth of the heap, for each virtual host. */
    static DefinitionSpace ofHeap() {
        return new DefinitionSpace(Runtime.getRuntime().maxMemory() / 8);
    }

    static long bytes(Binding binding) {
        return bytes(binding.key().length() + binding.source().length()
                + binding.destination().length(), binding.arguments());
    }

    static long bytes(ExchangeDeclaration exchange) {
        return bytes(exchange.name().length(), exchange.arguments());
    }

    static long bytes(QueueDeclaration queue) {
        return bytes(queue.name().length(), queue.arguments());
    }

    /** What a queue that a client declares takes beside its definition. */
    static long stateBytes(QueueDeclaration queue) {
        long levels = queue.arguments().get("x-max-priority").flatMap(Value::number).orElse(0L);
        return QUEUE_BYTES
                + (long) PRIORITY_BYTES * Math.clamp(levels, 0, MOST_PRIORITIES);
    }

    static long bytes(Policy policy) {
        return bytes(policy.name().length() + policy.pattern().text().length(),
                policy.definition());
    }

    private static long bytes(int nameChars, Table arguments) {
        return OBJECT_BYTES + (long) COPIES * (nameChars + arguments.bytes().length);
    }

    /**
     * Checks that so much more may be declared.
     *
     * @param object
     *            names what a client wants to declare
     * @throws BrokerException
     *             {@link BrokerError#OBJECT_LIMIT_REACHED}
     */
    void check(long bytes, String object) {
        if (heldBytes + bytes > limitBytes) {
            throw new BrokerException(BrokerError.OBJECT_LIMIT_REACHED, "cannot declare " + object
                    + ": limit of " + limitBytes + " bytes for definitions is reached");
        }
    }

    /** An object is there from now on. */
    void added(long bytes) {
        heldBytes += bytes;
    }

    /** An object has gone. */
    void removed(long bytes) {
        heldBytes -= bytes;
    }

    long heldBytes() {
        return heldBytes;
    }
}
