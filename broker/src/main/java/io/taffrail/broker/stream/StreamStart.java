package io.taffrail.broker.stream;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.Age;
import java.util.Optional;
import java.util.OptionalLong;

/** The position at which a consumer begins to read: its argument {@code x-stream-offset}. */
sealed interface StreamStart {

    /** The oldest message stored. */
    record First() implements StreamStart {}

    /** The first message of the last batch. */
    record Last() implements StreamStart {}

    /** The next message to be added. */
    record Next() implements StreamStart {}

    /** An offset, or the first one stored behind it. */
    record At(long offset) implements StreamStart {}

    /** The first message stored at or after a time, in milliseconds since 1970. */
    record Since(long timestampMs) implements StreamStart {}

    /**
     * Reads the argument; without one a consumer begins at the next message.
     *
     * @param object
     *            the queue as error texts name it
     * @throws BrokerException
     *             if the argument is invalid
     */
    static StreamStart read(Optional<FieldValue> argument, long nowMs, String object) {
        return argument.map(value -> switch (value) {
            case FieldValue.Text(String text) -> named(text, nowMs, object);
            case FieldValue.Timestamp(long seconds) ->
                new Since(Math.clamp(seconds, 0, Long.MAX_VALUE / 1000) * 1000);
            default -> value.number()
                    .<StreamStart>map(offset -> offset < 0 ? new First() : new At(offset))
                    .orElseThrow(() -> invalid(object, value.typeName(), "_"));
        }).orElseGet(Next::new);
    }

    private static StreamStart named(String text, long nowMs, String object) {
        return switch (text) {
            case "first" -> new First();
            case "last" -> new Last();
            case "next" -> new Next();
            default -> {
                OptionalLong age = Age.milliseconds(text);
                if (age.isEmpty()) {
                    throw invalid(object, "longstr", "<<\"" + text + "\">>");
                }
                yield new Since(nowMs - age.getAsLong());
            }
        };
    }

    private static BrokerException invalid(String object, String type, String value) {
        return new BrokerException(BrokerError.PRECONDITION_FAILED,
                "invalid arg 'x-stream-offset' for " + object + ": {invalid_stream_offset_arg,{"
                        + type + "," + value + "}}");
    }
}
