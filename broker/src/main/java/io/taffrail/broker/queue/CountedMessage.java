package io.taffrail.broker.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A message with a header that the queue adds on delivery. */
record CountedMessage(StoredMessage message, ByteBuffer properties) implements StoredMessage {

    /** Returns the message with one more header. */
    static CountedMessage with(StoredMessage message, String header, long value) {
        Properties properties = Properties.of(message.properties());
        Map<String, FieldValue> headers = new LinkedHashMap<>(properties.headers().entries());
        headers.put(header, new FieldValue.Int64(value));
        return new CountedMessage(message,
                properties.withHeaders(FieldTable.of(headers)).section());
    }

    @Override
    public ByteBuffer exchange() {
        return message.exchange();
    }

    @Override
    public ByteBuffer routingKey() {
        return message.routingKey();
    }

    @Override
    public ByteBuffer body() {
        return message.body();
    }

    @Override
    public long timestampMs() {
        return message.timestampMs();
    }
}
