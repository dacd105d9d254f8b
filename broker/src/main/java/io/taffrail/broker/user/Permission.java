package io.taffrail.broker.user;

import java.util.Locale;

/** The kinds of access to objects of a virtual host. */
public enum Permission {
    /** Declare and delete. */
    CONFIGURE,
    /** Publish to it, and bind to it. */
    WRITE,
    /** Consume from it, and bind from it. */
    READ;

    /** The name in RabbitMQ. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
