package io.taffrail.verify.history;

/** Signals that a history cannot be written, or that a file is not a valid history. */
public final class HistoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public HistoryException(String message) {
        super(message);
    }

    public HistoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
