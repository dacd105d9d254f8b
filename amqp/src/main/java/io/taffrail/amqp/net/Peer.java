package io.taffrail.amqp.net;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;

/** User name and capabilities of the client, from {@code connection.start-ok}. */
record Peer(String user, boolean notifiesOfCancel, boolean closesOnFailedLogin,
        boolean wantsToKnowOfBlocking) {

    static final Peer UNKNOWN = new Peer("", false, false, false);

    /** Reads the capabilities from the client properties; missing or malformed ones are false. */
    static Peer of(String user, FieldTable clientProperties) {
        FieldTable capabilities = clientProperties.get("capabilities")
                .map(value -> value instanceof FieldValue.TableOf(FieldTable table)
                        ? table
                        : FieldTable.EMPTY)
                .orElse(FieldTable.EMPTY);
        return new Peer(user, has(capabilities, "consumer_cancel_notify"),
                has(capabilities, "authentication_failure_close"),
                has(capabilities, "connection.blocked"));
    }

    private static boolean has(FieldTable capabilities, String name) {
        return capabilities.get(name)
                .map(value -> value instanceof FieldValue.Bool(boolean set) && set)
                .orElse(false);
    }
}
