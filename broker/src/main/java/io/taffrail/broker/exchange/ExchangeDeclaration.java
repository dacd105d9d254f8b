package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import java.util.Optional;

/**
 * An exchange as a client wants it.
 *
 * @param name
 *            at most 255 bytes of UTF-8
 * @param type
 *            of {@link ExchangeType}, {@code x-delayed-message} or
 *            {@code x-message-deduplication}
 * @param internal
 *            clients may not publish to it
 * @param autoDelete
 *            deleted when its last binding goes
 * @param arguments
 *            {@code alternate-exchange}, {@code x-…}, as sent
 */
public record ExchangeDeclaration(String name, String type, boolean durable, boolean autoDelete,
        boolean internal, Table arguments) {

    private static final String DELAYED = "x-delayed-message";

    private static final String DEDUPLICATING = "x-message-deduplication";

    /** Whether it drops duplicates. */
    public boolean isDeduplicating() {
        return type.equals(DEDUPLICATING);
    }

    /** Whether it holds messages back that ask for it. */
    public boolean isDelayed() {
        return type.equals(DELAYED);
    }

    /** How it matches messages with bindings, if that is known. */
    public Optional<ExchangeType> routing() {
        if (isDeduplicating()) {
            return Optional.of(ExchangeType.FANOUT);
        }
        return isDelayed()
                ? arguments.get("x-delayed-type").flatMap(
                        value -> value instanceof Value.Text(String text)
                                ? ExchangeType.of(text)
                                : Optional.empty())
                : ExchangeType.of(type);
    }
}
