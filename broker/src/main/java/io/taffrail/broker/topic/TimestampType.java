package io.taffrail.broker.topic;

/** Whose clock a stored record's timestamp is from ({@code message.timestamp.type}). */
public enum TimestampType {
    /** The producer's. */
    CREATE_TIME,
    /** The broker's, at the append. */
    LOG_APPEND_TIME
}
