package io.taffrail.log;

/**
 * Signals that a log or its engine has failed. Appends that were not durable may or may not be
 * stored; opening the log again settles which.
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
