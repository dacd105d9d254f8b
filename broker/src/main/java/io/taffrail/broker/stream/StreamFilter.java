package io.taffrail.broker.stream;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A consumer's filter on the header {@value #VALUE} of a stream's messages. It is exact for each
 * message, while RabbitMQ 3.13 skips whole chunks.
 *
 * @param values
 *            accepted values of the header
 * @param unfiltered
 *            whether messages without the header are accepted
 */
record StreamFilter(Set<String> values, boolean unfiltered) {

    private static final String VALUE = "x-stream-filter-value";
    private static final String WANTED = "x-stream-filter";
    private static final String UNFILTERED = "x-stream-match-unfiltered";

    /**
     * The filter in the arguments of a consumer; empty if there is none, or if it is neither text
     * nor a list.
     */
    static Optional<StreamFilter> read(FieldTable arguments) {
        boolean unfiltered = arguments.get(UNFILTERED)
                .filter(value -> value instanceof FieldValue.Bool(boolean on) && on).isPresent();
        return arguments.get(WANTED).flatMap(StreamFilter::texts)
                .map(values -> new StreamFilter(values, unfiltered));
    }

    private static Optional<Set<String>> texts(FieldValue wanted) {
        return switch (wanted) {
            case FieldValue.Text(String text) -> Optional.of(Set.of(text));
            case FieldValue.ListOf(List<FieldValue> list) -> Optional.of(list.stream()
                    .filter(FieldValue.Text.class::isInstance)
                    .map(each -> ((FieldValue.Text) each).value())
                    .collect(Collectors.toUnmodifiableSet()));
            default -> Optional.empty();
        };
    }

    /** Whether the filter accepts the message. */
    boolean takes(StoredMessage message) {
        Properties properties = Properties.of(message.properties());
        if (properties.has(Property.HEADERS) && properties.headers().get(VALUE)
                .orElse(null) instanceof FieldValue.Text(String text)) {
            return values.contains(text);
        }
        return unfiltered;
    }
}
