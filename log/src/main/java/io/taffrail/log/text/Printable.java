package io.taffrail.log.text;

import org.jspecify.annotations.Nullable;

/**
 * Text of clients as it may be shown on a terminal or in a log line: names, client ids, routing
 * keys. Characters that move the cursor, end a line, colour or reorder what follows, or show
 * nothing at all are written as {@code \n}, {@code \r}, {@code \t} or <code>&#92;u009b</code>;
 * every
 * other character stays, and so does a backslash. So one text stays on one line, and two texts that
 * differ in an invisible character look different.
 */
public final class Printable {

    /** What {@link #brief} shows at most; the longest name of AMQP has 255 bytes. */
    private static final int BRIEF_CHARS = 256;

    private static final char ZERO_WIDTH_NON_JOINER = '\u200c';
    private static final char ZERO_WIDTH_JOINER = '\u200d';
    private static final int HEX_DIGITS = 4;

    private Printable() {}

    /** The text with escapes; the very same where none are needed, {@code null} as a word. */
    public static String of(@Nullable Object text) {
        String shown = String.valueOf(text);
        for (int i = 0; i < shown.length();) {
            int codePoint = shown.codePointAt(i);
            if (isHidden(codePoint)) {
                return escaped(shown, i);
            }
            i += Character.charCount(codePoint);
        }
        return shown;
    }

    /** As {@link #of}, of a text that may be long: its first 256 characters and its length. */
    public static String brief(@Nullable Object text) {
        String shown = String.valueOf(text);
        return shown.length() <= BRIEF_CHARS
                ? of(shown)
                : of(shown.substring(0, BRIEF_CHARS)) + "… (" + shown.length() + " characters)";
    }

    /**
     * Whether the character must be escaped: control characters (C0, DEL, C1), separators of lines
     * and paragraphs, format characters such as bidirectional controls, surrogates without their
     * other half. The joiners that Persian and emoji need are not.
     */
    public static boolean isHidden(int codePoint) {
        if (codePoint < 0x7f) {
            return codePoint < ' ';
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                true;
            case Character.FORMAT -> codePoint != ZERO_WIDTH_NON_JOINER
                    && codePoint != ZERO_WIDTH_JOINER;
            default -> false;
        };
    }

    /** Adds <code>&#92;u</code> and four digits for each UTF-16 unit of the character. */
    public static void escape(int codePoint, StringBuilder out) {
        for (char unit : Character.toChars(codePoint)) {
            String hex = Integer.toHexString(unit);
            out.append("\\u").repeat('0', HEX_DIGITS - hex.length()).append(hex);
        }
    }

    private static String escaped(String text, int from) {
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, from);
        for (int i = from; i < text.length();) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            switch (codePoint) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isHidden(codePoint)) {
                        escape(codePoint, out);
                    } else {
                        out.appendCodePoint(codePoint);
                    }
                }
            }
        }
        return out.toString();
    }
}
