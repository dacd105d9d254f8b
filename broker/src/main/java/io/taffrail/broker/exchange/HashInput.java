package io.taffrail.broker.exchange;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties.Property;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a message that an {@code x-consistent-hash} exchange hashes. If the message does not
 * have it, empty input is hashed.
 */
sealed interface HashInput {

    String HEADER = "hash-header";
    String PROPERTY = "hash-property";

    /** The routing key. */
    record OfKey() implements HashInput {}

    /** A header, of any type. */
    record OfHeader(String name) implements HashInput {}

    /** A property. */
    record OfProperty(Property property) implements HashInput {}

    /** The input that the arguments of an exchange select, which {@link #problem} found valid. */
    static HashInput of(ExchangeDeclaration exchange) {
        Optional<FieldValue> header = exchange.arguments().get(HEADER);
        if (header.isPresent() && header.get() instanceof FieldValue.Text(String name)) {
            return new OfHeader(name);
        }
        return exchange.arguments().get(PROPERTY)
                .flatMap(it -> it instanceof FieldValue.Text(String name)
                        ? property(name)
                        : Optional.empty())
                .<HashInput>map(OfProperty::new)
                .orElseGet(OfKey::new);
    }

    /** The reason why an exchange's arguments are refused, in the words of RabbitMQ's plugin. */
    static Optional<String> problem(FieldTable arguments) {
        Optional<FieldValue> header = arguments.get(HEADER);
        Optional<FieldValue> property = arguments.get(PROPERTY);
        if (header.isPresent() && property.isPresent()) {
            return Optional.of("hash-header and hash-property are mutually exclusive");
        }
        Optional<FieldValue> named = header.or(() -> property);
        if (named.isPresent() && !(named.get() instanceof FieldValue.Text)) {
            return Optional.of("hash-header and hash-property must be strings");
        }
        return property
                .map(it -> it instanceof FieldValue.Text(String name) ? name : "")
                .filter(name -> property(name).isEmpty())
                .map(name -> "Unsupported property: " + name);
    }

    private static Optional<Property> property(String name) {
        return switch (name) {
            case "correlation_id" -> Optional.of(Property.CORRELATION_ID);
            case "message_id" -> Optional.of(Property.MESSAGE_ID);
            case "timestamp" -> Optional.of(Property.TIMESTAMP);
            default -> Optional.empty();
        };
    }

    /** The bytes to hash, for the message of a walk. */
    default byte[] bytes(Walk walk) {
        return switch (this) {
            case OfKey() -> ByteText.bytes(walk.key());
            case OfHeader(String name) -> walk.properties().headers().get(name)
                    .map(it -> FieldTable.of(Map.of("", it)).bytes())
                    .orElse(new byte[0]);
            case OfProperty(Property property) -> ByteText.bytes((property == Property.TIMESTAMP
                    ? walk.properties().timestamp().map(String::valueOf)
                    : walk.properties().text(property)).orElse(""));
        };
    }
}
