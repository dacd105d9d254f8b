package io.taffrail.cli.control;

/** A request names an object that does not exist. */
final class NotFoundException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    NotFoundException(String message) {
        super(message);
    }

    NotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
