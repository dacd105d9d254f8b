package io.taffrail.broker.queue;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.StoredMessage;
import java.nio.ByteBuffer;

/** A message that is refused before it is stored, in the form of a stored message. */
record IncomingMessage(Message message, long timestampMs) implements StoredMessage {

    @Override
    public ByteBuffer exchange() {
        return ByteBuffer.wrap(ByteText.bytes(message.exchange()));
    }

    @Override
    public ByteBuffer routingKey() {
        return ByteBuffer.wrap(ByteText.bytes(message.routingKey()));
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
