package io.taffrail.cli.json;

/** Text that is not JSON, or not the JSON expected. */
public final class JsonException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public JsonException(String message) {
        super(message);
    }
}
