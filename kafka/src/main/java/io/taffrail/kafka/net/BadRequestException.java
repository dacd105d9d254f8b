package io.taffrail.kafka.net;

/** A frame is not a request this head answers; the connection is closed, as Kafka does. */
final class BadRequestException extends Exception {

    private static final long serialVersionUID = 1;

    BadRequestException(String message) {
        super(message);
    }

    BadRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
