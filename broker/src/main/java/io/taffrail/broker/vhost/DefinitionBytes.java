package io.taffrail.broker.vhost;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.queue.QueueDeclaration;

/** Estimated sizes in memory of the objects of a virtual host. */
final class DefinitionBytes {

    /** Bytes of an idle queue besides its definition: logs, cursor, consumers. */
    private static final int QUEUE_BYTES = 5 << 10;

    /** Bytes of each priority level of a queue. */
    private static final int PRIORITY_BYTES = 128;

    private static final int MOST_PRIORITIES = 255;

    /** As {@link #host}; measured: 6,479 with its exchanges, of which 4,397 count. */
    private static final int HOST_BYTES = 8 << 10;

    private DefinitionBytes() {}

    static long of(Binding binding) {
        return of(binding.key().length() + binding.source().length()
                + binding.destination().length(), binding.arguments());
    }

    static long of(ExchangeDeclaration exchange) {
        return of(exchange.name().length(), exchange.arguments());
    }

    static long of(QueueDeclaration queue) {
        return of(queue.name().length(), queue.arguments());
    }

    static long of(Policy policy) {
        return of(policy.name().length(), policy.definition()) + policy.pattern().sizeBytes();
    }

    private static long of(int nameChars, FieldTable arguments) {
        return DefinitionSpace.bytes(nameChars + (long) arguments.bytes().length);
    }

    /** Bytes that a queue uses besides its definition. */
    static long state(QueueDeclaration queue) {
        long levels = queue.arguments().get("x-max-priority").flatMap(FieldValue::number)
                .orElse(0L);
        return QUEUE_BYTES
                + (long) PRIORITY_BYTES * Math.clamp(levels, 0, MOST_PRIORITIES);
    }

    /** Bytes of an empty virtual host besides its exchanges. */
    static long host(String name) {
        return HOST_BYTES + DefinitionSpace.bytes(name.length());
    }
}
