package io.taffrail.broker.deadletter;

/** Why a queue gave a message up. */
public enum DeathReason {
    EXPIRED("expired"), REJECTED("rejected"), MAXLEN("maxlen"), DELIVERY_LIMIT("delivery_limit");

    private final String text;

    DeathReason(String text) {
        this.text = text;
    }

    /** As in {@code x-death}. */
    public String text() {
        return text;
    }
}
