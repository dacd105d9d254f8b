package io.taffrail.verify.broker;

/** Signals that the broker or its disk cannot be brought into the required state. */
public final class ControlException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ControlException(String message) {
        super(message);
    }

    public ControlException(String message, Throwable cause) {
        super(message, cause);
    }
}
