package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Properties;

/** A filter in front of the bindings of an exchange. Owner thread only. */
public interface Gate {

    /** Whether the gate cannot decide at present; then no message passes. */
    default boolean isOut() {
        return false;
    }

    /** Whether the message passes; called once for each message. */
    boolean admits(Properties properties);

    /** Undoes {@link #admits} for a message that was not stored after all. */
    void withdraw(Properties properties);
}
