package io.taffrail.broker.queue;

import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A queue as a client wants it.
 *
 * @param name
 *            at most 255 bytes of UTF-8; empty: the broker makes one
 * @param exclusive
 *            for this session alone, and gone with it
 * @param autoDelete
 *            deleted when its last consumer goes
 * @param arguments
 *            {@code x-…}, as sent
 */
public record QueueDeclaration(String name, boolean durable, boolean exclusive, boolean autoDelete,
        Table arguments) {

    private static final String TYPE = "x-queue-type";

    /**
     * This, with a type where the client names none and a queue like this may have it; as in
     * RabbitMQ a quorum queue or stream is durable and not exclusive, a stream not deleted by
     * itself.
     */
    public QueueDeclaration withDefault(QueueType type) {
        boolean possible = switch (type) {
            case CLASSIC -> true;
            case QUORUM -> durable && !exclusive;
            case STREAM -> durable && !exclusive && !autoDelete;
        };
        if (!possible || arguments.get(TYPE).isPresent()) {
            return this;
        }
        Map<String, Value> typed = new LinkedHashMap<>(arguments.entries());
        typed.put(TYPE, new Value.Text(type.argument()));
        return new QueueDeclaration(name, durable, exclusive, autoDelete, Table.of(typed));
    }
}
