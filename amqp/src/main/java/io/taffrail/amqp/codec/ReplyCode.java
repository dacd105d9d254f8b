package io.taffrail.amqp.codec;

import java.util.Locale;

/** Reply codes (AMQP 0-9-1 §1.2), and whether RabbitMQ closes the channel or the connection. */
public enum ReplyCode {

    SUCCESS(200, Closes.NOTHING),
    CONTENT_TOO_LARGE(311, Closes.CHANNEL),
    NO_ROUTE(312, Closes.CHANNEL),
    NO_CONSUMERS(313, Closes.CHANNEL),
    CONNECTION_FORCED(320, Closes.CONNECTION),
    INVALID_PATH(402, Closes.CONNECTION),
    ACCESS_REFUSED(403, Closes.CHANNEL),
    NOT_FOUND(404, Closes.CHANNEL),
    RESOURCE_LOCKED(405, Closes.CHANNEL),
    PRECONDITION_FAILED(406, Closes.CHANNEL),
    FRAME_ERROR(501, Closes.CONNECTION),
    SYNTAX_ERROR(502, Closes.CONNECTION),
    COMMAND_INVALID(503, Closes.CONNECTION),
    CHANNEL_ERROR(504, Closes.CONNECTION),
    UNEXPECTED_FRAME(505, Closes.CONNECTION),
    RESOURCE_ERROR(506, Closes.CONNECTION),
    NOT_ALLOWED(530, Closes.CONNECTION),
    NOT_IMPLEMENTED(540, Closes.CONNECTION),
    INTERNAL_ERROR(541, Closes.CONNECTION);

    /** The object that an error closes. */
    public enum Closes {
        NOTHING, CHANNEL, CONNECTION
    }

    private final int number;
    private final Closes closes;

    ReplyCode(int number, Closes closes) {
        this.number = number;
        this.closes = closes;
    }

    public int number() {
        return number;
    }

    public Closes closes() {
        return closes;
    }

    /** Reply text in RabbitMQ's format: {@code NOT_FOUND - no queue 'q' in vhost '/'}. */
    public String text(String explanation) {
        return name().toUpperCase(Locale.ROOT) + " - " + explanation;
    }
}
