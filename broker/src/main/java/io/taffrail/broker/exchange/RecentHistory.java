package io.taffrail.broker.exchange;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last messages of an {@code x-recent-history} exchange, for later bindings. In memory only, as
 * in RabbitMQ's plugin: lost at a restart. When memory is short a new message replaces the oldest
 * ones of this exchange, and is not kept if that is not enough. Owner thread only.
 */
public final class RecentHistory {

    private static final String LENGTH = "x-recent-history-length";
    private static final long DEFAULT_LENGTH = 20;
    /** Overhead of a message besides its bytes. */
    private static final long MESSAGE_BYTES = 256;

    private final HistorySpace.Part room;
    private final long length;
    private final Deque<Message> messages = new ArrayDeque<>();
    /** The same, for those who read it while others come; null where it is to be made anew. */
    private @Nullable List<Message> shown;
    /** Whether the exchange is deleted; a message that was on its way to it may still come. */
    private boolean cleared;

    RecentHistory(FieldTable arguments, HistorySpace.Part room) {
        this.room = room;
        this.length = arguments.get(LENGTH).flatMap(FieldValue::number).orElse(DEFAULT_LENGTH);
    }

    /** The reason why an exchange's arguments are refused, in the words of RabbitMQ's plugin. */
    static Optional<String> problem(FieldTable arguments) {
        return arguments.get(LENGTH).filter(value -> !isPositive(value))
                .map(value -> "Invalid argument " + shown(value) + ", '" + LENGTH
                        + "' must be a positive integer");
    }

    private static boolean isPositive(FieldValue value) {
        return switch (value) {
            case FieldValue.Int8 _,FieldValue.Int16 _,FieldValue.Int32 _,FieldValue.Int64 _ ->
                value.number().orElse(0L) > 0;
            default -> false;
        };
    }

    private static String shown(FieldValue value) {
        return value instanceof FieldValue.Text(String text)
                ? "<<\"" + text + "\">>"
                : value.shown();
    }

    /** Adds a copy of the message as the latest one. */
    void add(Message message) {
        if (cleared) {
            return;
        }
        long bytes = bytes(message);
        if (messages.size() >= length) {
            drop();
        }
        while (!room.take(bytes)) {
            if (messages.isEmpty()) {
                return;
            }
            drop();
        }
        shown = null;
        byte[] body = new byte[message.body().remaining()];
        message.body().get(message.body().position(), body);
        messages.add(new Message(message.exchange(), message.routingKey(),
                message.properties().copy(), ByteBuffer.wrap(body)));
    }

    private void drop() {
        shown = null;
        room.give(bytes(messages.remove()));
    }

    private static long bytes(Message message) {
        return MESSAGE_BYTES + message.body().remaining()
                + message.properties().section().remaining();
    }

    /** The messages, oldest first. */
    public List<Message> messages() {
        List<Message> now = shown;
        if (now == null) {
            now = List.copyOf(messages);
            shown = now;
        }
        return now;
    }

    /** Drops all messages for good, when the exchange is deleted. */
    public void clear() {
        cleared = true;
        while (!messages.isEmpty()) {
            drop();
        }
    }
}
