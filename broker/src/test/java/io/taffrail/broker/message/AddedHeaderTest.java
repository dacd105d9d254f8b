package io.taffrail.broker.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.Properties.Property;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddedHeaderTest {

    private final AddedHeader header = new AddedHeader("x-stream-offset");

    private Properties with(Properties properties, long value) {
        ByteBuffer section = header.in(properties.section(), value);
        assertThat(Properties.problem(section)).isEmpty();
        return Properties.of(section);
    }

    @Test
    void comesToPropertiesWithoutHeaders() {
        Properties sent = Properties.none().withText(Property.CONTENT_ENCODING, "gzip")
                .withOctet(Property.DELIVERY_MODE, 2).withText(Property.APP_ID, "a");

        Properties shown = with(sent, 7);

        assertThat(shown.headers().entries())
                .isEqualTo(Map.of("x-stream-offset", new FieldValue.Int64(7)));
        assertThat(shown.text(Property.CONTENT_ENCODING)).contains("gzip");
        assertThat(shown.octet(Property.DELIVERY_MODE)).hasValue(2);
        assertThat(shown.text(Property.APP_ID)).contains("a");
    }

    @Test
    void comesToHeadersThatAreThere() {
        Properties sent = Properties.none().withText(Property.CONTENT_TYPE, "text/plain")
                .withHeaders(FieldTable.of(Map.of("h", new FieldValue.Text("v"))))
                .withText(Property.MESSAGE_ID, "m");

        Properties shown = with(sent, Long.MAX_VALUE);

        assertThat(shown.headers().entries()).isEqualTo(Map.of("h", new FieldValue.Text("v"),
                "x-stream-offset", new FieldValue.Int64(Long.MAX_VALUE)));
        assertThat(shown.text(Property.CONTENT_TYPE)).contains("text/plain");
        assertThat(shown.text(Property.MESSAGE_ID)).contains("m");
    }

    @Test
    void takesThePlaceOfOneOfThatName() {
        Properties sent = Properties.none()
                .withHeaders(FieldTable.of(Map.of("x-stream-offset", new FieldValue.Text("old"))));

        assertThat(with(sent, 1).headers().entries())
                .isEqualTo(Map.of("x-stream-offset", new FieldValue.Int64(1)));
    }

    @Test
    void growsWithTheSection() {
        Properties sent = Properties.none()
                .withHeaders(
                        FieldTable.of(Map.of("long", new FieldValue.Text("x".repeat(10_000)))));

        assertThat(with(sent, 1).headers().entries()).hasSize(2);
    }
}
