package io.taffrail.log;

/**
 * A log, or its engine, has failed: what was not yet durable is unknown until the log is opened
 * again.
 */
public final class LogFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public LogFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    public LogFailedException(String message) {
        super(message);
    }
}
