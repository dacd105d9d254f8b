package io.taffrail.broker.policy;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.broker.queue.QueueType;

/**
 * A set of arguments for objects whose names match a pattern.
 *
 * @param pattern
 *            found anywhere in the name, unless anchored with {@code ^} and {@code $}
 * @param priority
 *            the highest of the matching policies of one kind applies
 * @param definition
 *            argument names without {@code x-}; values are numbers, texts and booleans
 */
public record Policy(String name, NamePattern pattern, ApplyTo applyTo, long priority,
        FieldTable definition) {

    boolean matchesQueue(String queue, QueueType type) {
        return applyTo.includes(type) && PolicyKeys.suits(definition, type)
                && pattern.isFoundIn(queue);
    }

    boolean matchesExchange(String exchange) {
        return applyTo.includesExchanges() && pattern.isFoundIn(exchange);
    }
}
