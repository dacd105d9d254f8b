package io.taffrail.log.batch;

/**
 * Signals that bytes are not a valid batch of format v2; the message is for log lines and error
 * messages. Has no stack trace, because clients can provoke it.
 */
public final class MalformedBatchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public MalformedBatchException(String message) {
        super(message, null, false, false);
    }

    public MalformedBatchException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
