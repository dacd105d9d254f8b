package io.taffrail.broker;

/** An operating error for the head that made the request: an entry of the catalogue and a text. */
public final class BrokerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final BrokerError error;

    /**
     * @param detail
     *            for the client, in RabbitMQ's words, without a reply code
     */
    public BrokerException(BrokerError error, String detail) {
        super(detail, null, false, false);
        this.error = error;
    }

    public BrokerError error() {
        return error;
    }

    /** The same text as {@link #getMessage}, never null. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
