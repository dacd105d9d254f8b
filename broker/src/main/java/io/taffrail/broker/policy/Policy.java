package io.taffrail.broker.policy;

import io.taffrail.broker.message.Table;
import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.broker.queue.QueueType;

/**
 * Arguments for the objects whose name a pattern is found in.
 *
 * @param pattern
 *            found anywhere in the name, if it does not say {@code ^} and {@code $}
 * @param priority
 *            of those of one kind that match, the highest applies
 * @param definition
 *            argument names without {@code x-}, with numbers, texts and truth values
 */
public record Policy(String name, NamePattern pattern, ApplyTo applyTo, long priority,
        Table definition) {

    boolean matchesQueue(String queue, QueueType type) {
        return applyTo.includes(type) && PolicyKeys.suits(definition, type)
                && pattern.isFoundIn(queue);
    }

    boolean matchesExchange(String exchange) {
        return applyTo.includesExchanges() && pattern.isFoundIn(exchange);
    }
}
