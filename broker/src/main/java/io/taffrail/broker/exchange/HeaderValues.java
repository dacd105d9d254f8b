package io.taffrail.broker.exchange;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of header values with the values of a binding. As in RabbitMQ types are ignored:
 * numbers and times are compared by value, text and bytes by their bytes.
 */
final class HeaderValues {

    private HeaderValues() {}

    static boolean equal(FieldValue wanted, FieldValue present) {
        Optional<Long> whole = whole(wanted);
        Optional<Long> otherWhole = whole(present);
        if (whole.isPresent() && otherWhole.isPresent()) {
            return whole.equals(otherWhole);
        }
        OptionalDouble real = real(wanted, whole);
        if (real.isPresent()) {
            return real.equals(real(present, otherWhole));
        }
        if (wanted instanceof FieldValue.Text(String one)
                && present instanceof FieldValue.Text(String other)) {
            return one.equals(other); // Different bytes give different text.
        }
        byte[] bytes = bytes(wanted);
        if (bytes != null) {
            return Arrays.equals(bytes, bytes(present));
        }
        return (isEmpty(wanted) && isEmpty(present)) || wanted.equals(present);
    }

    private static Optional<Long> whole(FieldValue value) {
        return value instanceof FieldValue.Timestamp(long seconds)
                ? Optional.of(seconds)
                : value.number();
    }

    private static OptionalDouble real(FieldValue value, Optional<Long> whole) {
        return switch (value) {
            case FieldValue.Float32(float it) -> OptionalDouble.of(it);
            case FieldValue.Float64(double it) -> OptionalDouble.of(it);
            default -> whole.isPresent() ? OptionalDouble.of(whole.get()) : OptionalDouble.empty();
        };
    }

    private static byte @Nullable [] bytes(FieldValue value) {
        return switch (value) {
            case FieldValue.Text(String text) -> ByteText.bytes(text);
            case FieldValue.Bytes(byte[] raw) -> raw;
            default -> null;
        };
    }

    /** Whether the value is an empty list or table. */
    private static boolean isEmpty(FieldValue value) {
        return switch (value) {
            case FieldValue.ListOf(List<FieldValue> values) -> values.isEmpty();
            case FieldValue.TableOf(var table) -> table.entries().isEmpty();
            default -> false;
        };
    }
}
