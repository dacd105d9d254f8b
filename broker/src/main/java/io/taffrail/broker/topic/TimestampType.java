package io.taffrail.broker.topic;

/** The source of a stored record's timestamp ({@code message.timestamp.type}). */
public enum TimestampType {
    /** The producer's clock. */
    CREATE_TIME,
    /** The broker's clock, at the append. */
    LOG_APPEND_TIME
}
