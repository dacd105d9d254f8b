package io.taffrail.broker.message;

import java.nio.ByteBuffer;

/**
 * A message as read from a log, looked at where it lies. Valid only during the call it is passed
 * to: views and buffers point into memory that is used again afterwards. Owner thread only.
 */
public interface StoredMessage {

    /** Name of the exchange it was published to, as {@link ByteText}, position to limit. */
    ByteBuffer exchange();

    /** As {@link ByteText}, position to limit; at most 255 bytes. */
    ByteBuffer routingKey();

    /**
     * The property section, position to limit, as {@link Properties} lays it out, with what the
     * queue adds ({@code x-delivery-count}, {@code x-stream-offset}).
     */
    ByteBuffer properties();

    /** Position to limit. */
    ByteBuffer body();

    /** When the broker took it, milliseconds since 1970. */
    long timestampMs();
}
