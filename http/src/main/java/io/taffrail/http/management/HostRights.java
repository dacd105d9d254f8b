package io.taffrail.http.management;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.Permission;
import java.util.Optional;

/** Permissions that changes of a virtual host require: the same as over AMQP. */
record HostRights(Access access) {

    void declare(QueueDeclaration queue) {
        access.queue(Permission.CONFIGURE, queue.name());
        text(queue.arguments(), "x-dead-letter-exchange").ifPresent(exchange -> {
            access.queue(Permission.READ, queue.name());
            access.exchange(Permission.WRITE, exchange);
        });
    }

    void declare(ExchangeDeclaration exchange) {
        access.exchange(Permission.CONFIGURE, exchange.name());
        text(exchange.arguments(), "alternate-exchange").ifPresent(alternate -> {
            access.exchange(Permission.READ, exchange.name());
            access.exchange(Permission.WRITE, alternate);
        });
    }

    void bind(Binding binding) {
        if (binding.toQueue()) {
            access.queue(Permission.WRITE, binding.destination());
        } else {
            access.exchange(Permission.WRITE, binding.destination());
        }
        access.exchange(Permission.READ, binding.source());
    }

    private static Optional<String> text(FieldTable arguments, String name) {
        return arguments.get(name).flatMap(value -> value instanceof FieldValue.Text(String text)
                ? Optional.of(text)
                : Optional.empty());
    }
}
