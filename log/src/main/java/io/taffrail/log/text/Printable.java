package io.taffrail.log.text;

import org.jspecify.annotations.Nullable;

/**
 * Escapes text from clients, such as names, client ids and routing keys, for display on a terminal
 * or in a log line.
 *
 * <p>
 * Characters that move the cursor, end a line, change colours, reorder text or are invisible are
 * written as {@code \n}, {@code \r}, {@code \t} or <code>&#92;u009b</code>. Every other character
 * is unchanged, including the backslash. An escaped text therefore stays on one line, and two texts
 * that differ in an invisible character look different.
 */
public final class Printable {

    /**
     * Maximum length of {@link #brief}'s text in UTF-16 units; the longest AMQP name has 255 bytes.
     */
    private static final int BRIEF_CHARS = 256;

    private static final char ZERO_WIDTH_NON_JOINER = '\u200c';
    private static final char ZERO_WIDTH_JOINER = '\u200d';
    private static final int HEX_DIGITS = 4;

    private Printable() {}

    /**
     * Returns the escaped text: the same string if nothing needs an escape,
     * {@code "null"} for null.
     */
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

    /**
     * Returns the escaped text, limited to its first 256 characters and followed by its full length
     * if it is longer.
     */
    public static String brief(@Nullable Object text) {
        String shown = String.valueOf(text);
        return shown.length() <= BRIEF_CHARS
                ? of(shown)
                : of(shown.substring(0, BRIEF_CHARS)) + "… (" + shown.length() + " characters)";
    }

    /**
     * Returns whether a character must be escaped: control characters (C0, DEL, C1), line
     * and paragraph separators, unpaired surrogates and format characters such as bidirectional
     * controls. The two zero-width joiners are not escaped, because Persian and emoji need them.
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

    /**
     * Appends <code>&#92;u</code> and four hexadecimal digits for each UTF-16
     * unit of the character.
     */
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
