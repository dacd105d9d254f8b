package io.taffrail.broker.exchange;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.util.Optional;

/**
 * An exchange as a client declares it.
 *
 * @param name
 *            at most 255 bytes of UTF-8
 * @param type
 *            one of {@link ExchangeType}, {@code x-delayed-message} or
 *            {@code x-message-deduplication}
 * @param internal
 *            whether clients may not publish to it
 * @param autoDelete
 *            whether it is deleted with its last binding
 * @param arguments
 *            {@code alternate-exchange}, {@code x-…}, as sent
 */
public record ExchangeDeclaration(String name, String type, boolean durable, boolean autoDelete,
        boolean internal, FieldTable arguments) {

    private static final String DELAYED = "x-delayed-message";

    private static final String DEDUPLICATING = "x-message-deduplication";

    /** Whether the exchange drops duplicates. */
    public boolean isDeduplicating() {
        return type.equals(DEDUPLICATING);
    }

    /** Whether the exchange delays messages with an {@code x-delay} header. */
    public boolean isDelayed() {
        return type.equals(DELAYED);
    }

    /** The type by which messages are matched with bindings, if it is known. */
    public Optional<ExchangeType> routing() {
        if (isDeduplicating()) {
            return Optional.of(ExchangeType.FANOUT);
        }
        return isDelayed()
                ? arguments.get("x-delayed-type").flatMap(
                        value -> value instanceof FieldValue.Text(String text)
                                ? ExchangeType.of(text)
                                : Optional.empty())
                : ExchangeType.of(type);
    }
}
