package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.queue.QueueDeclaration;

/**
 * The memory that the definitions of one virtual host use. Exchanges, queues, bindings and policies
 * stay in memory with their arguments, and clients may declare any number of them. The size is
 * estimated from names and arguments. Definitions loaded at a start are counted but never refused.
 * Owner thread only.
 */
final class DefinitionSpace {

    /** Bytes of an object and its map entries, without its name and arguments. */
    private static final int OBJECT_BYTES = 512;

    /** Bytes of an idle queue besides its definition: logs, cursor, consumers. */
    private static final int QUEUE_BYTES = 5 << 10;

    /** Bytes of each priority level of a queue. */
    private static final int PRIORITY_BYTES = 128;

    private static final int MOST_PRIORITIES = 255;

    /**
     * Number of copies of names and arguments: as sent, as parsed by routers, and in the metadata
     * store.
     */
    private static final int COPIES = 4;

    private final long limitBytes;
    private long heldBytes;

    /**
     * @param limitBytes
     *            limit for what clients declare
     */
    DefinitionSpace(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** The default limit: an eighth of the heap for each virtual host. */
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

    /** Bytes that a queue uses besides its definition. */
    static long stateBytes(QueueDeclaration queue) {
        long levels = queue.arguments().get("x-max-priority").flatMap(FieldValue::number)
                .orElse(0L);
        return QUEUE_BYTES
                + (long) PRIORITY_BYTES * Math.clamp(levels, 0, MOST_PRIORITIES);
    }

    static long bytes(Policy policy) {
        return bytes(policy.name().length() + policy.pattern().text().length(),
                policy.definition());
    }

    private static long bytes(int nameChars, FieldTable arguments) {
        return OBJECT_BYTES + (long) COPIES * (nameChars + arguments.bytes().length);
    }

    /**
     * Checks that {@code bytes} more may be declared.
     *
     * @param object
     *            names the object in the error text
     * @throws BrokerException
     *             {@link BrokerError#OBJECT_LIMIT_REACHED} if the limit would be exceeded
     */
    void check(long bytes, String object) {
        if (heldBytes + bytes > limitBytes) {
            throw new BrokerException(BrokerError.OBJECT_LIMIT_REACHED, "cannot declare " + object
                    + ": limit of " + limitBytes + " bytes for definitions is reached");
        }
    }

    /** Counts a new object. */
    void added(long bytes) {
        heldBytes += bytes;
    }

    /** Discounts a deleted object. */
    void removed(long bytes) {
        heldBytes -= bytes;
    }

    long heldBytes() {
        return heldBytes;
    }
}
