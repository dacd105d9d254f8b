package io.taffrail.broker.message;

import io.taffrail.broker.message.Properties.Property;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordView.Header;
import io.taffrail.log.batch.Varints;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record in the form of a message, whose buffers may refer to the record's memory: one that a log
 * client wrote, or a message that was stored compressed, with its envelope. The key of a foreign
 * record is the routing key if it has at most 255 bytes, else there is none. Headers with the names
 * that {@link ReadableHeaders} uses for texts become those properties, except expiration and
 * user-id. All other headers become the header table, text if they are UTF-8 and else bytes; those
 * with names above 255 bytes are left out. Not thread-safe.
 */
final class ForeignRecord {

    /** Longest exchange name and routing key, in bytes. */
    static final int SHORT_BYTES = 255;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final List<Property> TEXTS = List.of(Property.CONTENT_TYPE,
            Property.CONTENT_ENCODING, Property.CORRELATION_ID, Property.REPLY_TO,
            Property.MESSAGE_ID, Property.TYPE, Property.APP_ID);

    private ByteBuffer exchange = NOTHING;
    private ByteBuffer routingKey = NOTHING;
    private ByteBuffer properties = NOTHING;
    private ByteBuffer body = NOTHING;

    /** Reads the headers of a record, whose number is at the buffer's position. */
    static List<Header> headers(ByteBuffer in) {
        int count = Varints.readInt(in);
        List<Header> headers = new ArrayList<>(Math.clamp(count, 0, 16));
        for (int index = 0; index < count; index++) {
            ByteBuffer name = field(in);
            ByteBuffer value = field(in);
            headers.add(new Header(name == null ? NOTHING : name, value));
        }
        return headers;
    }

    private static @Nullable ByteBuffer field(ByteBuffer in) {
        int length = Varints.readInt(in);
        if (length < 0) {
            return null;
        }
        ByteBuffer field = in.slice(in.position(), length);
        in.position(in.position() + length);
        return field;
    }

    /** Replaces the content with another record. */
    void read(RecordView record) {
        body = record.value() == null ? NOTHING : record.value();
        ByteBuffer key = record.key();
        boolean shortKey = key == null || key.remaining() <= SHORT_BYTES;
        routingKey = key != null && shortKey ? key : NOTHING;
        List<Header> headers = record.headers();
        ByteBuffer envelope = headers.isEmpty()
                || !headers.getFirst().name().equals(MessageBatch.ENVELOPE)
                        ? null
                        : headers.getFirst().value();
        if (envelope != null && shortKey && EnvelopeCheck.isWhole(envelope, envelope.position(),
                envelope.remaining())) {
            int length = envelope.get(envelope.position()) & 0xFF;
            int at = envelope.position() + 1;
            exchange = envelope.slice(at, length);
            properties = envelope.slice(at + length, envelope.remaining() - 1 - length);
            return;
        }
        exchange = NOTHING;
        properties = propertiesOf(record).section();
    }

    private static Properties propertiesOf(RecordView record) {
        Properties properties = Properties.none().withOctet(Property.DELIVERY_MODE, 2);
        Map<String, FieldValue> table = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            String name = ByteText.of(header.nameBytes());
            Optional<Property> property = TEXTS.stream()
                    .filter(it -> ReadableHeaders.nameOf(it).equals(name)).findFirst();
            ByteBuffer value = header.value();
            Optional<String> text = value == null ? Optional.empty() : text(value);
            if (property.isPresent() && value != null && text.isPresent()
                    && value.remaining() <= SHORT_BYTES) {
                properties = properties.withText(property.get(), text.get());
            } else if (header.nameBytes().remaining() <= SHORT_BYTES) {
                table.put(name, valueOf(value, text));
            }
        }
        if (!table.isEmpty()) {
            properties = properties.withHeaders(FieldTable.of(table));
        }
        return record.timestampMs() < 0
                ? properties
                : properties.withTimestamp(record.timestampMs() / 1000);
    }

    private static FieldValue valueOf(@Nullable ByteBuffer value, Optional<String> text) {
        if (value == null) {
            return new FieldValue.None();
        }
        if (text.isPresent()) {
            return new FieldValue.Text(text.get());
        }
        byte[] bytes = new byte[value.remaining()];
        value.get(value.position(), bytes);
        return new FieldValue.Bytes(bytes);
    }

    private static Optional<String> text(ByteBuffer bytes) {
        String text = ByteText.of(bytes);
        return ByteText.isUtf8(text) ? Optional.of(text) : Optional.empty();
    }

    ByteBuffer exchange() {
        return exchange.duplicate();
    }

    ByteBuffer routingKey() {
        return routingKey.duplicate();
    }

    ByteBuffer properties() {
        return properties.duplicate();
    }

    ByteBuffer body() {
        return body.duplicate();
    }
}
