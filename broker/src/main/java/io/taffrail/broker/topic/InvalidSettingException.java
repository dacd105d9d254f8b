package io.taffrail.broker.topic;

/**
 * Thrown when a topic's setting is unknown or its value is invalid; the message is for people to
 * read.
 */
final class InvalidSettingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidSettingException(String message) {
        super(message);
    }

    static InvalidSettingException of(String name, String value, String problem) {
        return new InvalidSettingException(
                "Invalid value " + value + " for configuration " + name + ": " + problem);
    }
}
