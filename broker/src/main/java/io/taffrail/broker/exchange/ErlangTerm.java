package io.taffrail.broker.exchange;

import java.util.ArrayList;
import java.util.List;

/**
 * A term in Erlang's notation, ended by a dot: atoms, numbers, binaries, tuples and lists. This is
 * the form in which RabbitMQ's JMS client sends a selector. Strings have one byte in each
 * character.
 */
sealed interface ErlangTerm {

    record Atom(String name) implements ErlangTerm {}

    record Whole(long value) implements ErlangTerm {}

    record Real(double value) implements ErlangTerm {}

    record Binary(String bytes) implements ErlangTerm {}

    record Tuple(List<ErlangTerm> elements) implements ErlangTerm {}

    record Sequence(List<ErlangTerm> elements) implements ErlangTerm {}

    /** Deepest nesting of tuples and lists. */
    int MAX_DEPTH = 64;

    /** Longest term, in characters. */
    int MAX_LENGTH = 32 << 10;

    /**
     * Parses a term.
     *
     * @throws IllegalArgumentException
     *             if the text is not a term, or is too long or too deep
     */
    static ErlangTerm read(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a term of " + text.length() + " bytes");
        }
        return new Parser(text).whole();
    }

    /** A recursive descent parser. */
    final class Parser {

        private final String text;
        private int at;

        private Parser(String text) {
            this.text = text;
        }

        private ErlangTerm whole() {
            ErlangTerm term = term(0);
            expect('.');
            if (next() != 0) {
                throw wrong();
            }
            return term;
        }

        private ErlangTerm term(int depth) {
            if (depth > MAX_DEPTH) {
                throw new IllegalArgumentException("a term is nested too deep");
            }
            char first = next();
            return switch (first) {
                case '{' -> new Tuple(elements('}', depth));
                case '[' -> new Sequence(elements(']', depth));
                case '<' -> binary();
                case '\'' -> new Atom(quoted('\''));
                default -> {
                    if (first >= 'a' && first <= 'z') {
                        yield new Atom(word());
                    }
                    yield number();
                }
            };
        }

        private List<ErlangTerm> elements(char end, int depth) {
            at++;
            List<ErlangTerm> elements = new ArrayList<>();
            if (next() == end) {
                at++;
                return elements;
            }
            elements.add(term(depth + 1));
            while (next() == ',') {
                at++;
                elements.add(term(depth + 1));
            }
            expect(end);
            return elements;
        }

        private ErlangTerm binary() {
            expect('<');
            expect('<');
            String bytes = next() == '"' ? quoted('"') : "";
            expect('>');
            expect('>');
            return new Binary(bytes);
        }

        private String quoted(char quote) {
            StringBuilder content = new StringBuilder();
            at++;
            while (peek() != quote) {
                char each = take();
                content.append(each == '\\' ? escaped(take()) : each);
            }
            at++;
            return content.toString();
        }

        private static char escaped(char letter) {
            return switch (letter) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 's' -> ' ';
                case '\\', '"', '\'' -> letter;
                default -> throw new IllegalArgumentException("unknown escape \\" + letter);
            };
        }

        private String word() {
            int from = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at))
                    || text.charAt(at) == '_' || text.charAt(at) == '@')) {
                at++;
            }
            return text.substring(from, at);
        }

        private ErlangTerm number() {
            int from = at;
            if (peek() == '-' || peek() == '+') {
                at++;
            }
            digits();
            boolean isReal = at + 1 < text.length() && text.charAt(at) == '.'
                    && isDigit(text.charAt(at + 1));
            if (isReal) {
                at++;
                digits();
                if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
                    at++;
                    if (peek() == '-' || peek() == '+') {
                        at++;
                    }
                    digits();
                }
            }
            String number = text.substring(from, at);
            return isReal
                    ? new Real(Double.parseDouble(number))
                    : new Whole(Long.parseLong(number));
        }

        private void digits() {
            if (!isDigit(peek())) {
                throw wrong();
            }
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
        }

        private static boolean isDigit(char each) {
            return each >= '0' && each <= '9';
        }

        private char next() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private char peek() {
            if (at >= text.length()) {
                throw wrong();
            }
            return text.charAt(at);
        }

        private char take() {
            char each = peek();
            at++;
            return each;
        }

        private void expect(char wanted) {
            if (next() != wanted) {
                throw wrong();
            }
            at++;
        }

        private IllegalArgumentException wrong() {
            return new IllegalArgumentException("no term at character " + at);
        }
    }
}
