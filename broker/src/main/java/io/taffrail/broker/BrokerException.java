package io.taffrail.broker;

/** An operating error on its way to the head that asked: an entry of the catalogue and its text. */
public final class BrokerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final BrokerError error;

    /**
     * @param detail
     *            for the client, in the words it knows from RabbitMQ, without a reply code
     */
    public BrokerException(BrokerError error, String detail) {
        super(detail, null, false, false);
        this.error = error;
    }

    public BrokerError error() {
        return error;
    }

    /** What {@link #getMessage} says, never null. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
