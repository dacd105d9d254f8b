package io.taffrail.verify.history;

/** A history that cannot be written, or is not one. */
public final class HistoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public HistoryException(String message) {
        super(message);
    }

    public HistoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
