package io.taffrail.http.management;

import io.taffrail.broker.message.ByteText;
import io.taffrail.http.route.HttpProblem;

/** Names of queues and exchanges in paths. */
final class ObjectNames {

    private static final int MAX_BYTES = 255;
    /** Stands for the default exchange, whose name is empty. */
    private static final String DEFAULT_EXCHANGE = "amq.default";

    private ObjectNames() {}

    /** Refuses a name that AMQP cannot carry. */
    static void check(String name) {
        if (name.isEmpty() || ByteText.bytes(name).length > MAX_BYTES) {
            throw HttpProblem.badRequest("a name has 1 to " + MAX_BYTES + " bytes");
        }
    }

    /** The name of an exchange as it is in a path. */
    static String exchange(String part) {
        return part.equals(DEFAULT_EXCHANGE) ? "" : part;
    }
}
