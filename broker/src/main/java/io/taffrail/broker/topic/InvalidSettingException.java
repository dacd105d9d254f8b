package io.taffrail.broker.topic;

/** A topic's setting is unknown or its value is not possible; the message is for a person. */
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
