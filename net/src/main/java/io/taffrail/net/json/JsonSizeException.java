package io.taffrail.net.json;

/** JSON with more values than its reader has memory for. */
public final class JsonSizeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    JsonSizeException(String message) {
        super(message);
    }
}
