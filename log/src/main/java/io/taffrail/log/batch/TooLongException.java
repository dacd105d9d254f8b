package io.taffrail.log.batch;

/** Records decompress to more bytes than they may. Carries no stack, as clients can cause it. */
final class TooLongException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TooLongException() {
        super("the records are too long decompressed", null, false, false);
    }
}
