package io.taffrail.amqp.codec;

import io.taffrail.broker.message.FieldTable;

/** Methods of the class queue: queues and their bindings (AMQP 0-9-1 §1.7). */
public sealed interface QueueMethod extends Method {

    /** Class id. */
    int CLASS_ID = 50;

    record Declare(String queue, boolean passive, boolean durable, boolean exclusive,
            boolean autoDelete, boolean noWait, FieldTable arguments) implements QueueMethod {
        public Declare {
            queue = Names.inOneLine(queue);
        }
    }

    record DeclareOk(String queue, long messageCount, long consumerCount) implements QueueMethod {}

    record Bind(String queue, String exchange, String routingKey, boolean noWait,
            FieldTable arguments) implements QueueMethod {
        public Bind {
            queue = Names.inOneLine(queue);
            exchange = Names.inOneLine(exchange);
        }
    }

    record BindOk() implements QueueMethod {}

    record Purge(String queue, boolean noWait) implements QueueMethod {}

    record PurgeOk(long messageCount) implements QueueMethod {}

    record Delete(String queue, boolean ifUnused, boolean ifEmpty,
            boolean noWait) implements QueueMethod {
        public Delete {
            queue = Names.inOneLine(queue);
        }
    }

    record DeleteOk(long messageCount) implements QueueMethod {}

    record Unbind(String queue, String exchange, String routingKey,
            FieldTable arguments) implements QueueMethod {
        public Unbind {
            queue = Names.inOneLine(queue);
            exchange = Names.inOneLine(exchange);
        }
    }

    record UnbindOk() implements QueueMethod {}

    @Override
    default int classId() {
        return CLASS_ID;
    }

    @Override
    default int methodId() {
        return switch (this) {
            case Declare _ -> 10;
            case DeclareOk _ -> 11;
            case Bind _ -> 20;
            case BindOk _ -> 21;
            case Purge _ -> 30;
            case PurgeOk _ -> 31;
            case Delete _ -> 40;
            case DeleteOk _ -> 41;
            case Unbind _ -> 50;
            case UnbindOk _ -> 51;
        };
    }
}
