package io.taffrail.amqp.codec;

import io.taffrail.broker.message.FieldTable;

/** Methods of the class exchange (AMQP 0-9-1 §1.6), with RabbitMQ's bindings between exchanges. */
public sealed interface ExchangeMethod extends Method {

    /** Class id. */
    int CLASS_ID = 40;

    record Declare(String exchange, String type, boolean passive, boolean durable,
            boolean autoDelete, boolean internal, boolean noWait,
            FieldTable arguments) implements ExchangeMethod {
        public Declare {
            exchange = Names.inOneLine(exchange);
        }
    }

    record DeclareOk() implements ExchangeMethod {}

    record Delete(String exchange, boolean ifUnused, boolean noWait) implements ExchangeMethod {
        public Delete {
            exchange = Names.inOneLine(exchange);
        }
    }

    record DeleteOk() implements ExchangeMethod {}

    record Bind(String destination, String source, String routingKey, boolean noWait,
            FieldTable arguments) implements ExchangeMethod {
        public Bind {
            destination = Names.inOneLine(destination);
            source = Names.inOneLine(source);
        }
    }

    record BindOk() implements ExchangeMethod {}

    record Unbind(String destination, String source, String routingKey, boolean noWait,
            FieldTable arguments) implements ExchangeMethod {
        public Unbind {
            destination = Names.inOneLine(destination);
            source = Names.inOneLine(source);
        }
    }

    record UnbindOk() implements ExchangeMethod {}

    @Override
    default int classId() {
        return CLASS_ID;
    }

    @Override
    default int methodId() {
        return switch (this) {
            case Declare _ -> 10;
            case DeclareOk _ -> 11;
            case Delete _ -> 20;
            case DeleteOk _ -> 21;
            case Bind _ -> 30;
            case BindOk _ -> 31;
            case Unbind _ -> 40;
            case UnbindOk _ -> 51;
        };
    }
}
