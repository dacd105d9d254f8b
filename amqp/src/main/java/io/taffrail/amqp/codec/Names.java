package io.taffrail.amqp.codec;

/** Names of queues and exchanges in requests that declare, bind, unbind or delete them. */
final class Names {

    private Names() {}

    /** The name without the line feeds and carriage returns in it, which RabbitMQ passes over. */
    static String inOneLine(String name) {
        return name.indexOf('\n') < 0 && name.indexOf('\r') < 0
                ? name
                : name.replace("\n", "").replace("\r", "");
    }
}
