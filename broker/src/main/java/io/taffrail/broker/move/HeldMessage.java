package io.taffrail.broker.move;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import java.nio.ByteBuffer;

/** A copy of a message that a move has taken from its queue and not yet settled. */
public record HeldMessage(Delivery delivery, String exchange, String routingKey,
        Properties properties, ByteBuffer body) {

    static HeldMessage of(Delivery delivery, StoredMessage message) {
        byte[] body = new byte[message.body().remaining()];
        message.body().get(message.body().position(), body);
        return new HeldMessage(delivery, ByteText.of(message.exchange()),
                ByteText.of(message.routingKey()), Properties.of(message.properties()).copy(),
                ByteBuffer.wrap(body));
    }

    /** Offset of the message in its queue. */
    public long offset() {
        return delivery.offset();
    }
}
