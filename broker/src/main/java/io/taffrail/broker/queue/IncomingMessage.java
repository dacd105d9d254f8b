package io.taffrail.broker.queue;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.StoredMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A message that is refused before it is stored, seen as those that are. */
record IncomingMessage(Message message, long timestampMs) implements StoredMessage {

    @Override
    public ByteBuffer exchange() {
        return ByteBuffer.wrap(message.exchange().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer routingKey() {
        return ByteBuffer.wrap(message.routingKey().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer properties() {
        return message.properties().section();
    }

    @Override
    public ByteBuffer body() {
        return message.body();
    }
}
