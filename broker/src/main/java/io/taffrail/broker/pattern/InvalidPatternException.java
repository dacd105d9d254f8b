package io.taffrail.broker.pattern;

/** A text is no regular expression that can be used. */
public final class InvalidPatternException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int index;

    InvalidPatternException(String description, int index) {
        super(description, null, false, false);
        this.index = index;
    }

    /** Where in the text, as far as that is known. */
    public int index() {
        return index;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
