package io.taffrail.broker.pattern;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The check of regular expressions for size: it refuses nested counted repetitions that would
 * compile to an unbounded program, such as {@code ((a{999}){999}){999}}, and nesting too deep for a
 * recursive parser.
 */
final class RepetitionCheck {

    private static final long MAX_COPIES = 20_000;
    private static final int MAX_DEPTH = 200;

    private final String text;
    private int at;
    /** Copies in each enclosing group, up to the start of the group within. */
    private final Deque<Long> around = new ArrayDeque<>();
    /** Number of copies in the current group so far. */
    private long copies;
    /** Number of copies of the part that a following repetition would repeat. */
    private long last;

    private RepetitionCheck(String text) {
        this.text = text;
    }

    /**
     * Checks an expression, which need not be well-formed.
     *
     * @throws InvalidPatternException
     *             if it is too large
     */
    static void check(String text) {
        new RepetitionCheck(text).walk();
    }

    private void walk() {
        while (at < text.length()) {
            char next = text.charAt(at++);
            switch (next) {
                case '\\' -> escape();
                case '[' -> characterClass();
                case '(' -> {
                    around.push(copies);
                    copies = 0;
                    last = 0;
                }
                case ')' -> {
                    last = Math.max(1, copies);
                    copies = last + (around.isEmpty() ? 0 : around.pop());
                }
                case '{' -> repeat();
                default -> one();
            }
            if (copies > MAX_COPIES || around.size() > MAX_DEPTH) {
                throw new InvalidPatternException(
                        "too large: its repetitions within each other, or its groups", at - 1);
            }
        }
    }

    private void one() {
        last = 1;
        copies++;
    }

    private void escape() {
        if (text.startsWith("Q", at)) {
            int end = text.indexOf("\\E", at);
            at = end < 0 ? text.length() : end + 2;
        } else {
            at++;
        }
        one();
    }

    private void characterClass() {
        at += text.startsWith("^", at) ? 1 : 0;
        at += text.startsWith("]", at) ? 1 : 0;
        while (at < text.length() && text.charAt(at) != ']') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
        one();
    }

    /** Handles {@code {n}}, {@code {n,}} or {@code {n,m}}; any other brace is literal. */
    private void repeat() {
        int end = text.indexOf('}', at);
        long most = end < 0 ? -1 : most(text.substring(at, end));
        if (most < 0) {
            one();
            return;
        }
        long before = copies - last;
        last *= Math.max(1, most);
        copies = before + last;
        at = end + 1;
    }

    private static long most(String bounds) {
        long most = 0;
        for (String bound : bounds.split(",", -1)) {
            if (bound.length() > 4 || !bound.chars().allMatch(it -> it >= '0' && it <= '9')) {
                return -1;
            }
            most = bound.isEmpty() ? most : Math.max(most, Long.parseLong(bound));
        }
        return most;
    }
}
