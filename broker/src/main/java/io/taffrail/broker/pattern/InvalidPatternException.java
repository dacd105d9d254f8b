package io.taffrail.broker.pattern;

/** Thrown when a text is not a usable regular expression. */
public final class InvalidPatternException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int index;

    InvalidPatternException(String description, int index) {
        super(description, null, false, false);
        this.index = index;
    }

    /** Index of the error in the text, as far as it is known. */
    public int index() {
        return index;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
