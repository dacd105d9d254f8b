package io.taffrail.broker.exchange;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one message as the selectors of all bindings see them, with a count of the steps
 * that the selectors take. A step is about a nanosecond. Owner thread only.
 */
final class SelectorInput {

    private static final int OPERATOR_STEPS = 16;
    private static final int COMPARED_IN_A_STEP = 8;
    /** Steps in one unit of {@link Walk#cost}. */
    private static final int STEPS_IN_A_UNIT = 64;

    private final Map<String, FieldValue> headers;
    /** Text values in the form that selectors compare. */
    private final Map<String, String> texts = new HashMap<>(4);
    private long[] table = new long[0];
    private long steps;

    SelectorInput(FieldTable headers) {
        this.headers = headers.entries();
    }

    /** The value of a header; null if it is missing or has a type without a value in selectors. */
    @Nullable
    Object value(String header) {
        steps += OPERATOR_STEPS;
        return switch (headers.get(header)) {
            case null -> null;
            case FieldValue.Text(String text) -> texts.computeIfAbsent(header, _ -> text(text));
            case FieldValue.Bool(boolean it) -> it;
            case FieldValue.Float32(float it) -> (double) it;
            case FieldValue.Float64(double it) -> it;
            case FieldValue other -> other.number().orElse(null);
        };
    }

    private String text(String header) {
        steps += header.length();
        return new String(ByteText.bytes(header), StandardCharsets.ISO_8859_1);
    }

    /** Counts one comparison of texts. */
    void compared(String one, String other) {
        steps += Math.min(one.length(), other.length()) / COMPARED_IN_A_STEP;
    }

    /** Counts one operator. */
    void operated() {
        steps += OPERATOR_STEPS;
    }

    boolean isLike(String text, LikePattern pattern) {
        steps += OPERATOR_STEPS + (long) text.length() * pattern.words();
        if (table.length < pattern.tableLongs()) {
            table = new long[pattern.tableLongs()];
        }
        return pattern.matches(text, table);
    }

    /** The steps since the last call, in units of {@link Walk#cost}, rounded down. */
    int takeCost() {
        int units = (int) Math.min(steps / STEPS_IN_A_UNIT, Integer.MAX_VALUE);
        steps -= (long) units * STEPS_IN_A_UNIT;
        return units;
    }
}
