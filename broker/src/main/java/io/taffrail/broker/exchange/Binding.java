package io.taffrail.broker.exchange;

import io.taffrail.broker.message.FieldTable;
import java.util.Comparator;

/**
 * A rule that routes messages from an exchange to a queue or to another exchange. Two bindings are
 * the same if all parts are equal.
 *
 * @param source
 *            name of the exchange
 * @param toQueue
 *            whether the destination is a queue; otherwise it is an exchange
 * @param key
 *            the binding key, which the type of exchange interprets
 * @param arguments
 *            for type headers: the headers to match
 */
public record Binding(String source, String destination, boolean toQueue, String key,
        FieldTable arguments) {

    /** The order by source and destination, in which bindings are listed. */
    public static final Comparator<Binding> BY_ENDS = Comparator.comparing(Binding::source)
            .thenComparing(Binding::destination);
}
