package io.taffrail.broker.stream;

import io.taffrail.broker.message.AddedHeader;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.message.StoredMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A view of a stream's message that adds its offset as header {@code x-stream-offset}; one object
 * serves all messages of a consumer. Owner thread only.
 */
final class NumberedMessage implements StoredMessage {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final AddedHeader header = new AddedHeader("x-stream-offset");
    private @Nullable RecordCursor message;
    private ByteBuffer properties = NOTHING;

    /** Points the view at a message; valid as long as that message is. */
    NumberedMessage of(RecordCursor shown) {
        message = shown;
        properties = header.in(shown.properties(), shown.offset());
        return this;
    }

    private RecordCursor message() {
        RecordCursor shown = message;
        if (shown == null) {
            throw new IllegalStateException("no message is shown");
        }
        return shown;
    }

    @Override
    public ByteBuffer exchange() {
        return message().exchange();
    }

    @Override
    public ByteBuffer routingKey() {
        return message().routingKey();
    }

    @Override
    public ByteBuffer properties() {
        return properties;
    }

    @Override
    public ByteBuffer body() {
        return message().body();
    }

    @Override
    public long timestampMs() {
        return message().timestampMs();
    }
}
