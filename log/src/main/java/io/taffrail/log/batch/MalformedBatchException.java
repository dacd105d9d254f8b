package io.taffrail.log.batch;

/**
 * The bytes are not a batch of format v2; for a person. Carries no stack, as clients can cause it.
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
