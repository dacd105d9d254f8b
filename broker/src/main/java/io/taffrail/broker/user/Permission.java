package io.taffrail.broker.user;

import java.util.Locale;

/** What somebody may do with objects of a virtual host. */
public enum Permission {
    /** Declare and delete. */
    CONFIGURE,
    /** Put messages in, and bind to it. */
    WRITE,
    /** Take messages out, and bind from it. */
    READ;

    /** What RabbitMQ calls it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
