package io.taffrail.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The messages that a consumer with a filter gets. */
class StreamFilterTest {

    private static final FieldValue EU = new FieldValue.Text("eu");
    private static final FieldValue US = new FieldValue.Text("us");

    private record Fake(ByteBuffer properties) implements StoredMessage {

        @Override
        public ByteBuffer exchange() {
            return ByteBuffer.allocate(0);
        }

        @Override
        public ByteBuffer routingKey() {
            return ByteBuffer.allocate(0);
        }

        @Override
        public ByteBuffer body() {
            return ByteBuffer.allocate(0);
        }

        @Override
        public long timestampMs() {
            return 0;
        }
    }

    private static final StoredMessage PLAIN = new Fake(Properties.none().section());

    private static StoredMessage of(FieldValue value) {
        return new Fake(Properties.none()
                .withHeaders(FieldTable.of(Map.of("x-stream-filter-value", value))).section());
    }

    private static StreamFilter filter(Map<String, FieldValue> arguments) {
        return StreamFilter.read(FieldTable.of(arguments)).orElseThrow();
    }

    @Test
    void textIsOneValue() {
        StreamFilter filter = filter(Map.of("x-stream-filter", EU));

        assertThat(filter.takes(of(EU))).isTrue();
        assertThat(filter.takes(of(US))).isFalse();
        assertThat(filter.takes(PLAIN)).isFalse();
    }

    @Test
    void listIsAnyOfItsTexts() {
        StreamFilter filter = filter(Map.of("x-stream-filter",
                new FieldValue.ListOf(List.of(EU, new FieldValue.Int32(7), US))));

        assertThat(filter.takes(of(EU))).isTrue();
        assertThat(filter.takes(of(US))).isTrue();
        assertThat(filter.takes(of(new FieldValue.Text("asia")))).isFalse();
    }

    @Test
    void whatHasNoValueComesOnDemand() {
        StreamFilter filter = filter(Map.of("x-stream-filter", EU, "x-stream-match-unfiltered",
                new FieldValue.Bool(true)));

        assertThat(filter.takes(PLAIN)).isTrue();
        assertThat(filter.takes(of(new FieldValue.Int32(7)))).as("a value is a text").isTrue();
        assertThat(filter.takes(of(US))).isFalse();
    }

    @Test
    void whatIsNoFilterFiltersNothing() {
        assertThat(StreamFilter
                .read(FieldTable.of(Map.of("x-stream-filter", new FieldValue.Int32(7)))))
                .isEmpty();
        assertThat(StreamFilter.read(FieldTable.of(Map.of("x-stream-match-unfiltered",
                new FieldValue.Bool(true))))).isEmpty();
    }
}
