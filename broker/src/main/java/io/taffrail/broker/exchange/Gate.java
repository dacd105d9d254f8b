package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Properties;

/** Decides whether a message goes on to the bindings of an exchange. Owner thread only. */
public interface Gate {

    /** Whether nobody can tell at present which messages go on: none does. */
    default boolean isOut() {
        return false;
    }

    /** Whether it goes on; asked once for a message. */
    boolean admits(Properties properties);

    /** A message that went on was not taken after all: as if it had not come. */
    void withdraw(Properties properties);
}
