package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.ExchangeMethod;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.Permission;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Permissions that each method requires, as in RabbitMQ. A passive declare requires none. */
final class Rights {

    /** Stands for a queue name that the broker will generate. */
    private static final String GENERATED = "amq.gen-AAAAAAAAAAAAAAAAAAAAAA";

    private final Link connection;

    Rights(Link connection) {
        this.connection = connection;
    }

    private Access access() {
        return connection.access();
    }

    void check(ExchangeMethod method) {
        switch (method) {
            case ExchangeMethod.Declare m when !m.passive() -> {
                access().exchange(Permission.CONFIGURE, m.exchange());
                text(m.arguments(), "alternate-exchange").ifPresent(alternate -> {
                    access().exchange(Permission.READ, m.exchange());
                    access().exchange(Permission.WRITE, alternate);
                });
            }
            case ExchangeMethod.Delete m -> access().exchange(Permission.CONFIGURE, m.exchange());
            case ExchangeMethod.Bind m -> bound(m.source(), m.destination());
            case ExchangeMethod.Unbind m -> bound(m.source(), m.destination());
            default -> {
                // No permission is required.
            }
        }
    }

    private void bound(String source, String destination) {
        access().exchange(Permission.WRITE, destination);
        access().exchange(Permission.READ, source);
    }

    /** Checks a method of the class queue; {@code named} resolves an empty queue name. */
    void check(QueueMethod method, UnaryOperator<String> named) {
        switch (method) {
            case QueueMethod.Declare m when !m.passive() && !DirectReplies.isReply(m.queue()) ->
                declared(m);
            case QueueMethod.Delete m ->
                access().queue(Permission.CONFIGURE, named.apply(m.queue()));
            case QueueMethod.Purge m -> access().queue(Permission.READ, named.apply(m.queue()));
            case QueueMethod.Bind m -> bound(m.exchange(), m.queue(), named);
            case QueueMethod.Unbind m -> bound(m.exchange(), m.queue(), named);
            default -> {
                // No permission is required.
            }
        }
    }

    private void declared(QueueMethod.Declare declare) {
        String queue = declare.queue().isEmpty() ? GENERATED : declare.queue();
        access().queue(Permission.CONFIGURE, queue);
        text(declare.arguments(), "x-dead-letter-exchange").ifPresent(exchange -> {
            access().queue(Permission.READ, queue);
            access().exchange(Permission.WRITE, exchange);
        });
    }

    private void bound(String exchange, String queue, UnaryOperator<String> named) {
        access().queue(Permission.WRITE, named.apply(queue));
        access().exchange(Permission.READ, exchange);
    }

    private static Optional<String> text(FieldTable arguments, String name) {
        return arguments.get(name).flatMap(value -> value instanceof FieldValue.Text(String text)
                ? Optional.of(text)
                : Optional.empty());
    }
}
