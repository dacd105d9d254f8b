package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Value;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/** When a header has the value a binding asks for: numbers count by value, not by width. */
final class HeaderValues {

    private HeaderValues() {}

    static boolean equal(Value wanted, Value present) {
        Optional<Long> whole = wanted.number();
        if (whole.isPresent()) {
            return whole.equals(present.number());
        }
        OptionalDouble real = real(wanted);
        if (real.isPresent()) {
            return real.equals(real(present));
        }
        if (wanted instanceof Value.Bytes(byte[] left)
                && present instanceof Value.Bytes(byte[] right)) {
            return Arrays.equals(left, right);
        }
        return wanted.equals(present);
    }

    private static OptionalDouble real(Value value) {
        return switch (value) {
            case Value.Float32(float it) -> OptionalDouble.of(it);
            case Value.Float64(double it) -> OptionalDouble.of(it);
            default -> OptionalDouble.empty();
        };
    }
}
