package io.taffrail.log.batch;

/**
 * Signals that records decompress to more bytes than allowed. Has no stack trace,
 * because clients can provoke it.
 */
final class TooLongException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TooLongException() {
        super("the decompressed records exceed their limit", null, false, false);
    }
}
