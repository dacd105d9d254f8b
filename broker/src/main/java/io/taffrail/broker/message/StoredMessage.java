package io.taffrail.broker.message;

import java.nio.ByteBuffer;

/**
 * A view of a message in a log, without a copy. Valid only during the call that it is passed to:
 * its buffers refer to memory that is reused afterwards. Owner thread only.
 */
public interface StoredMessage {

    /** Name of the exchange it was published to, bytes of a {@link ByteText}, position to limit. */
    ByteBuffer exchange();

    /** The routing key, bytes of a {@link ByteText}, position to limit; at most 255 bytes. */
    ByteBuffer routingKey();

    /**
     * The property section (see {@link Properties}), position to limit, with headers that the queue
     * adds ({@code x-delivery-count}, {@code x-stream-offset}).
     */
    ByteBuffer properties();

    /** The body, position to limit. */
    ByteBuffer body();

    /** Time at which the broker received it, in milliseconds since 1970. */
    long timestampMs();
}
