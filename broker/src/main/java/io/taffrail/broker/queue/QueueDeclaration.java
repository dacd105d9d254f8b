package io.taffrail.broker.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A queue as a client declares it.
 *
 * @param name
 *            at most 255 bytes of UTF-8; empty: the broker generates one
 * @param exclusive
 *            whether only this session may use it; deleted with the session
 * @param autoDelete
 *            whether it is deleted when its last consumer leaves
 * @param arguments
 *            {@code x-…}, as sent
 */
public record QueueDeclaration(String name, boolean durable, boolean exclusive, boolean autoDelete,
        FieldTable arguments) {

    private static final String TYPE = "x-queue-type";

    /**
     * This declaration, with a default type where the client sets none and the type allows a queue
     * like this. As in RabbitMQ a quorum queue or stream is durable and not exclusive, and a stream
     * is not auto-deleted.
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
        Map<String, FieldValue> typed = new LinkedHashMap<>(arguments.entries());
        typed.put(TYPE, new FieldValue.Text(type.argument()));
        return new QueueDeclaration(name, durable, exclusive, autoDelete, FieldTable.of(typed));
    }
}
