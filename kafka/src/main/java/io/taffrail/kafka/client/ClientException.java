package io.taffrail.kafka.client;

/** Failure of a request; the message is one sentence for the user. */
public final class ClientException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Category of the failure, for a caller that can handle it. */
    public enum Reason {
        /** No bootstrap address accepts connections. */
        UNREACHABLE,
        /** The topic or group does not exist. */
        NOT_FOUND,
        /** The topic already exists. */
        EXISTS,
        /** The broker did not send the response in time. */
        TIMED_OUT,
        /** The broker or the client considers the request invalid. */
        INVALID,
        /** The broker refuses a valid request: a precondition or a right is missing. */
        REFUSED,
        /** Any other failure. */
        FAILED
    }

    private final Reason reason;

    public ClientException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public ClientException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
