package io.taffrail.broker.deadletter;

/** The reason why a queue gave up a message. */
public enum DeathReason {
    EXPIRED("expired"), REJECTED("rejected"), MAXLEN("maxlen"), DELIVERY_LIMIT("delivery_limit");

    private final String text;

    DeathReason(String text) {
        this.text = text;
    }

    /** The value in {@code x-death}. */
    public String text() {
        return text;
    }
}
