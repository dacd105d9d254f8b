package io.taffrail.broker.job;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import java.nio.ByteBuffer;

/** Copies of stored messages, whose buffers are reused. Pure functions. */
final class JobMessages {

    private JobMessages() {}

    static Message copy(StoredMessage message) {
        ByteBuffer body = message.body();
        byte[] bytes = new byte[body.remaining()];
        body.get(body.position(), bytes);
        return new Message(ByteText.of(message.exchange()), ByteText.of(message.routingKey()),
                Properties.of(message.properties()).copy(), ByteBuffer.wrap(bytes));
    }
}
