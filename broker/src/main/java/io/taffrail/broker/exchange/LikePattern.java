package io.taffrail.broker.exchange;

import java.util.Arrays;

/**
 * A pattern of SQL's {@code LIKE} for text with one byte in each character: {@code _} is one
 * character, {@code %} any number of characters. A match reads each character once: it keeps, in a
 * row of bits, the numbers of pattern characters that can end here (Shift-And), so its time is
 * linear in the text whatever the pattern.
 */
final class LikePattern {

    private static final char ONE = 0x100;
    private static final int BYTES = 256;

    /** The pattern without {@code %}: characters, and {@link #ONE} for any. */
    private final char[] wanted;
    private final int count;
    private final int words;
    /** Bit n: any number of characters may stand behind the first n of the pattern. */
    private final long[] loops;
    /** Bit n: character n - 1 of the pattern is {@link #ONE}. */
    private final long[] any;

    /**
     * @param escape
     *            makes the next character literal; 0 for none
     */
    LikePattern(String pattern, char escape) {
        wanted = new char[pattern.length()];
        words = (pattern.length() >> 6) + 1;
        loops = new long[words];
        any = new long[words];
        int literals = 0;
        for (int at = 0; at < pattern.length(); at++) {
            char each = pattern.charAt(at);
            boolean escaped = escape != 0 && each == escape && at + 1 < pattern.length();
            if (escaped) {
                at++;
                each = pattern.charAt(at);
            }
            if (!escaped && each == '%') {
                set(loops, 0, literals);
                continue;
            }
            boolean isAny = !escaped && each == '_';
            wanted[literals++] = isAny ? ONE : each;
            if (isAny) {
                set(any, 0, literals);
            }
        }
        count = literals;
    }

    /** Words of bits that one character of a text costs. */
    int words() {
        return words;
    }

    /** Number of longs that {@link #matches} needs for its tables. */
    int tableLongs() {
        return (BYTES + 1) * words;
    }

    /**
     * Whether the whole text matches.
     *
     * @param table
     *            at least {@link #tableLongs} zeros; they are zero again when this returns
     */
    boolean matches(String text, long[] table) {
        for (int index = 0; index < count; index++) {
            if (wanted[index] < BYTES) {
                set(table, wanted[index] * words, index + 1);
            }
        }
        int states = BYTES * words;
        table[states] = 1;
        boolean alive = true;
        for (int at = 0; at < text.length() && alive; at++) {
            alive = advance(table, states, (text.charAt(at) & 0xFF) * words);
        }
        boolean matched = alive && has(table, states, count);
        Arrays.fill(table, states, states + words, 0);
        for (int index = 0; index < count; index++) {
            if (wanted[index] < BYTES) {
                table[wanted[index] * words + ((index + 1) >> 6)] = 0;
            }
        }
        return matched;
    }

    /** Reads one character; false if no text with this beginning matches. */
    private boolean advance(long[] table, int states, int column) {
        long carried = 0;
        long alive = 0;
        for (int word = 0; word < words; word++) {
            long before = table[states + word];
            long now = ((before << 1 | carried) & (table[column + word] | any[word]))
                    | (before & loops[word]);
            carried = before >>> 63;
            table[states + word] = now;
            alive |= now;
        }
        return alive != 0;
    }

    private static void set(long[] bits, int from, int bit) {
        bits[from + (bit >> 6)] |= 1L << bit;
    }

    private static boolean has(long[] bits, int from, int bit) {
        return (bits[from + (bit >> 6)] & 1L << bit) != 0;
    }
}
