package io.taffrail.kafka.net;

/** A frame that is not a valid Kafka request. The connection is closed, as in Kafka. */
final class BadRequestException extends Exception {

    private static final long serialVersionUID = 1;

    BadRequestException(String message) {
        super(message);
    }

    BadRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
