package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.FieldValue;
import java.util.Objects;
import java.util.Optional;

/** Error texts for objects of one virtual host, worded as in RabbitMQ. */
final class HostRefusals {

    private final String host;

    HostRefusals(String host) {
        this.host = host;
    }

    String exchange(String name) {
        return "exchange '" + name + "' in vhost '" + host + "'";
    }

    String queue(String name) {
        return "queue '" + name + "' in vhost '" + host + "'";
    }

    BrokerException noHost() {
        return new BrokerException(BrokerError.VIRTUAL_HOST_NOT_FOUND,
                "vhost '" + host + "' not found");
    }

    BrokerException noExchange(String name) {
        return new BrokerException(BrokerError.EXCHANGE_NOT_FOUND, "no " + exchange(name));
    }

    BrokerException noQueue(String name) {
        return new BrokerException(BrokerError.QUEUE_NOT_FOUND, "no " + queue(name));
    }

    BrokerException marksFailed(String exchange) {
        return new BrokerException(BrokerError.QUEUE_QUARANTINED, exchange(exchange)
                + " takes nothing at present: the marks of duplicates on the way failed");
    }

    BrokerException defaultExchange() {
        return accessRefused("operation not permitted on the default exchange");
    }

    BrokerException reserved(String kind, String name) {
        return accessRefused(kind + " name '" + name + "' contains reserved prefix 'amq.*'");
    }

    BrokerException locked(String queue) {
        return new BrokerException(BrokerError.QUEUE_LOCKED,
                "cannot obtain exclusive access to locked " + queue(queue)
                        + ". It could be originally declared on another connection or the"
                        + " exclusive property value does not match that of the original"
                        + " declaration.");
    }

    static BrokerException accessRefused(String text) {
        return new BrokerException(BrokerError.ACCESS_REFUSED, text);
    }

    static BrokerException tooWide(int bytes, int queues) {
        return precondition("message size " + bytes + " is too large for " + queues
                + " queues: together they may take " + FanOutLimit.BYTES
                + " bytes of one message, a quarter of the heap");
    }

    static BrokerException precondition(String text) {
        return new BrokerException(BrokerError.PRECONDITION_FAILED, text);
    }

    /** Checks that a property equals the one of the existing object. */
    static void same(String argument, String object, Object received, Object current) {
        if (!received.equals(current)) {
            throw precondition("inequivalent arg '" + argument + "' for " + object + ": received '"
                    + received + "' but current is '" + current + "'");
        }
    }

    /** Checks that an {@code x-} argument equals the one of the existing object. */
    static void same(String argument, String object, Optional<FieldValue> received,
            Optional<FieldValue> current) {
        if (equal(received, current)) {
            return;
        }
        boolean ofOneType = received.isPresent() && current.isPresent()
                && received.get().number().isPresent() == current.get().number().isPresent();
        if (ofOneType) {
            same(argument, object, received.get().shown(), current.get().shown());
        }
        throw precondition("inequivalent arg '" + argument + "' for " + object + ": received "
                + shown(received) + " but current is " + shown(current));
    }

    private static boolean equal(Optional<FieldValue> received, Optional<FieldValue> current) {
        if (received.isEmpty() || current.isEmpty()) {
            return received.isEmpty() && current.isEmpty();
        }
        Optional<Long> number = received.get().number();
        return number.isPresent()
                ? number.equals(current.get().number())
                : Objects.equals(received, current);
    }

    private static String shown(Optional<FieldValue> value) {
        return value.map(it -> "the value '" + it.shown() + "' of type '" + it.typeName() + "'")
                .orElse("none");
    }
}
