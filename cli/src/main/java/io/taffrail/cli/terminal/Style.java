package io.taffrail.cli.terminal;

/** Emphasis of text on a terminal with colours; elsewhere the text is printed as it is. */
public enum Style {
    PLAIN(""), HEADING("1"), GOOD("32"), BAD("1;31"), FAINT("2");

    /** Parameters of the control sequence that selects it (ECMA-48 §8.3.117, SGR). */
    private final String parameters;

    Style(String parameters) {
        this.parameters = parameters;
    }

    /** Marks text, which must not contain control characters. */
    String mark(String text) {
        return parameters.isEmpty() ? text : "\u001b[" + parameters + "m" + text + "\u001b[0m";
    }
}
