package io.taffrail.kafka.client;

/** A request that did not succeed; the message is one sentence for a person. */
public final class ClientException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What went wrong, for a caller that can do something about it. */
    public enum Reason {
        /** Nothing answers at the bootstrap addresses. */
        UNREACHABLE,
        /** A topic or group that is not there. */
        NOT_FOUND,
        /** A topic that is there already. */
        EXISTS,
        /** The broker did not answer in time, or not with what was asked for. */
        TIMED_OUT,
        /** The request makes no sense to the broker or the client. */
        INVALID,
        /** Anything else. */
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
