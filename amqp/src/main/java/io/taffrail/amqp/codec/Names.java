package io.taffrail.amqp.codec;

/**
 * Normalises names of queues and exchanges in requests that declare, bind, unbind or delete them.
 */
final class Names {

    private Names() {}

    /** Removes line feeds and carriage returns from a name, which RabbitMQ ignores. */
    static String inOneLine(String name) {
        return name.indexOf('\n') < 0 && name.indexOf('\r') < 0
                ? name
                : name.replace("\n", "").replace("\r", "");
    }
}
