package io.taffrail.broker.exchange;

import io.taffrail.broker.exchange.ErlangTerm.Atom;
import io.taffrail.broker.exchange.ErlangTerm.Binary;
import io.taffrail.broker.exchange.ErlangTerm.Real;
import io.taffrail.broker.exchange.ErlangTerm.Sequence;
import io.taffrail.broker.exchange.ErlangTerm.Tuple;
import io.taffrail.broker.exchange.ErlangTerm.Whole;
import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A JMS selector over header tables. RabbitMQ's JMS client compiles a selector to a syntax tree and
 * sends it as {@value #ARGUMENT}, such as {@code {'=',{'ident',<<"a">>},5}.}. Values are booleans,
 * longs, doubles and strings with one byte in each character. Null stands for SQL's unknown: a
 * missing header, or the result for operands of the wrong type. The cost of a match is bounded by
 * the length of the selector, and for each {@code LIKE} by the length of the text.
 */
final class JmsSelector {

    static final String ARGUMENT = "rjms_erlang_selector";

    /** Longest pattern of {@code LIKE}, in bytes. */
    private static final int MAX_PATTERN = 256;

    /** Most {@code LIKE} operators in the selector of a new binding. */
    static final int MAX_LIKES = 32;

    /** Most bytes in all patterns of {@code LIKE} of a new binding. */
    static final int MAX_PATTERN_BYTES = 1024;

    /** A compiled part of the tree. */
    private interface Expression {
        @Nullable
        Object of(SelectorInput headers);
    }

    private final Expression root;
    private int likes;
    private int patternBytes;

    private JmsSelector(ErlangTerm term) {
        this.root = expression(term);
    }

    /**
     * Compiles the selector of a binding.
     *
     * @throws IllegalArgumentException
     *             if the arguments have no valid selector
     */
    static JmsSelector of(FieldTable arguments) {
        if (!(arguments.get(ARGUMENT).orElse(null) instanceof FieldValue.Text(String text))) {
            throw new IllegalArgumentException("no argument " + ARGUMENT);
        }
        return new JmsSelector(ErlangTerm.read(
                new String(ByteText.bytes(text), StandardCharsets.ISO_8859_1)));
    }

    /**
     * Checks the limits for a new binding; stored bindings may be beyond them.
     *
     * @throws IllegalArgumentException
     *             if the selector has too many patterns
     */
    void checkLimits() {
        if (likes > MAX_LIKES || patternBytes > MAX_PATTERN_BYTES) {
            throw new IllegalArgumentException(likes + " LIKE patterns of " + patternBytes
                    + " bytes together, limits are " + MAX_LIKES + " and " + MAX_PATTERN_BYTES);
        }
    }

    boolean matches(SelectorInput headers) {
        return Boolean.TRUE.equals(root.of(headers));
    }

    private Expression expression(ErlangTerm term) {
        return switch (term) {
            case Whole(long value) -> _ -> value;
            case Real(double value) -> _ -> value;
            case Binary(String bytes) -> _ -> bytes;
            case Atom(String name) when name.equals("true") -> _ -> true;
            case Atom(String name) when name.equals("false") -> _ -> false;
            case Atom(String name) -> throw new IllegalArgumentException("unknown atom " + name);
            case Sequence _ -> throw new IllegalArgumentException("a list where a value is due");
            case Tuple(List<ErlangTerm> parts) -> operation(parts);
        };
    }

    private Expression operation(List<ErlangTerm> parts) {
        if (parts.isEmpty() || !(parts.getFirst() instanceof Atom(String name))) {
            throw new IllegalArgumentException("a tuple without an operator");
        }
        return switch (parts.size()) {
            case 2 -> unary(name, parts.get(1));
            case 3 -> binary(name, parts.get(1), parts.get(2));
            case 4 -> ternary(name, parts);
            default -> throw unknown(name, parts);
        };
    }

    private static IllegalArgumentException unknown(String name, List<ErlangTerm> parts) {
        return new IllegalArgumentException(
                "no operator " + name + " of " + (parts.size() - 1) + " operands");
    }

    private Expression unary(String name, ErlangTerm operand) {
        if (name.equals("ident")) {
            if (!(operand instanceof Binary(String ident))) {
                throw new IllegalArgumentException("an identifier that is no binary");
            }
            String header = ByteText.of(ident.getBytes(StandardCharsets.ISO_8859_1));
            return headers -> headers.value(header);
        }
        Expression of = expression(operand);
        return switch (name) {
            case "not" -> not(of);
            case "is_null" -> headers -> of.of(headers) == null;
            case "not_null" -> headers -> of.of(headers) != null;
            case "+" -> headers -> of.of(headers) instanceof Number it ? it : null;
            case "-" -> headers -> arithmetic("-", 0L, of.of(headers));
            default -> throw unknown(name, List.of(operand, operand));
        };
    }

    private static Expression not(Expression of) {
        return headers -> of.of(headers) instanceof Boolean it ? !it : null;
    }

    private Expression binary(String name, ErlangTerm left, ErlangTerm right) {
        switch (name) {
            case "in" -> {
                return in(expression(left), right);
            }
            case "not_in" -> {
                return not(in(expression(left), right));
            }
            case "between" -> {
                return between(expression(left), right);
            }
            case "not_between" -> {
                return not(between(expression(left), right));
            }
            default -> {
                // Binary operators.
            }
        }
        Expression a = expression(left);
        Expression b = expression(right);
        return switch (name) {
            case "and" -> headers -> junction(a.of(headers), b.of(headers), false);
            case "or" -> headers -> junction(a.of(headers), b.of(headers), true);
            case "=" -> comparison(a, b, it -> it == 0);
            case "<>" -> comparison(a, b, it -> it != 0);
            case "<" -> comparison(a, b, it -> it < 0);
            case ">" -> comparison(a, b, it -> it > 0);
            case "<=" -> comparison(a, b, it -> it <= 0);
            case ">=" -> comparison(a, b, it -> it >= 0);
            case "+", "-", "*", "/" -> headers -> arithmetic(name, a.of(headers), b.of(headers));
            default -> throw unknown(name, List.of(left, left, right));
        };
    }

    private Expression ternary(String name, List<ErlangTerm> parts) {
        Expression value = expression(parts.get(1));
        return switch (name) {
            case "like" -> like(value, parts.get(2), parts.get(3));
            case "not_like" -> not(like(value, parts.get(2), parts.get(3)));
            case "between" -> between(value, parts.get(2), parts.get(3));
            case "not_between" -> not(between(value, parts.get(2), parts.get(3)));
            default -> throw unknown(name, parts);
        };
    }

    /**
     * {@code AND} with {@code decides} false, {@code OR} with true: the operand that decides, else
     * unknown if one is unknown.
     */
    private static @Nullable Object junction(@Nullable Object a, @Nullable Object b,
            boolean decides) {
        if (Boolean.valueOf(decides).equals(a) || Boolean.valueOf(decides).equals(b)) {
            return decides;
        }
        return (a instanceof Boolean && b instanceof Boolean) ? !decides : null;
    }

    private static Expression comparison(Expression left, Expression right, IntPredicate holds) {
        return headers -> {
            Object a = left.of(headers);
            Object b = right.of(headers);
            return (a == null || b == null) ? null : holds.test(compare(headers, a, b));
        };
    }

    /** Compares in Erlang's order: numbers before booleans (atoms) before text (binaries). */
    private static int compare(SelectorInput headers, Object a, Object b) {
        headers.operated();
        if (a instanceof Long one && b instanceof Long other) {
            return Long.compare(one, other);
        }
        if (a instanceof Number one && b instanceof Number other) {
            return Double.compare(one.doubleValue() + 0.0, other.doubleValue() + 0.0);
        }
        if (a instanceof Boolean one && b instanceof Boolean other) {
            return Boolean.compare(one, other);
        }
        if (a instanceof String one && b instanceof String other) {
            headers.compared(one, other);
            return one.compareTo(other);
        }
        return Integer.compare(rank(a), rank(b));
    }

    private static int rank(Object value) {
        return value instanceof Number ? 0 : value instanceof Boolean ? 1 : 2;
    }

    private static @Nullable Object arithmetic(String operator, @Nullable Object a,
            @Nullable Object b) {
        if (!(a instanceof Number one && b instanceof Number other)) {
            return null;
        }
        if (a instanceof Long x && b instanceof Long y && !operator.equals("/")) {
            try {
                return switch (operator) {
                    case "+" -> Math.addExact(x, y);
                    case "-" -> Math.subtractExact(x, y);
                    default -> Math.multiplyExact(x, y);
                };
            } catch (ArithmeticException overflow) {
                return real(operator, x, y);
            }
        }
        return real(operator, one.doubleValue(), other.doubleValue());
    }

    private static double real(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            default -> a / b;
        };
    }

    private Expression in(Expression value, ErlangTerm list) {
        if (!(list instanceof Sequence(List<ErlangTerm> elements))) {
            throw new IllegalArgumentException("IN without a list");
        }
        List<Expression> wanted = new ArrayList<>(elements.size());
        elements.forEach(element -> wanted.add(expression(element)));
        return headers -> {
            Object present = value.of(headers);
            if (present == null) {
                return null;
            }
            for (Expression each : wanted) {
                Object one = each.of(headers);
                if (one != null && compare(headers, present, one) == 0) {
                    return true;
                }
            }
            return false;
        };
    }

    private Expression between(Expression value, ErlangTerm range) {
        if (range instanceof Tuple(List<ErlangTerm> parts) && parts.size() == 3
                && parts.getFirst().equals(new Atom("range"))) {
            return between(value, parts.get(1), parts.get(2));
        }
        throw new IllegalArgumentException("BETWEEN without a range");
    }

    private Expression between(Expression value, ErlangTerm from, ErlangTerm to) {
        Expression least = expression(from);
        Expression most = expression(to);
        return headers -> {
            Object it = value.of(headers);
            Object low = least.of(headers);
            Object high = most.of(headers);
            return (it == null || low == null || high == null)
                    ? null
                    : compare(headers, low, it) <= 0 && compare(headers, it, high) <= 0;
        };
    }

    private Expression like(Expression value, ErlangTerm pattern, ErlangTerm escape) {
        if (!(pattern instanceof Binary(String text)) || text.length() > MAX_PATTERN) {
            throw new IllegalArgumentException(
                    "LIKE without a pattern of at most " + MAX_PATTERN + " bytes");
        }
        char mark = switch (escape) {
            case Atom(String name) when name.equals("no_escape") -> 0;
            case Binary(String bytes) when bytes.length() == 1 -> bytes.charAt(0);
            default -> throw new IllegalArgumentException("ESCAPE of more than one byte");
        };
        likes++;
        patternBytes += text.length();
        LikePattern like = new LikePattern(text, mark);
        return headers -> value.of(headers) instanceof String it
                ? headers.isLike(it, like)
                : null;
    }
}
