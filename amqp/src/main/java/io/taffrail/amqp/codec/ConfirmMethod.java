package io.taffrail.amqp.codec;

/** Methods of RabbitMQ's class confirm: publisher confirms. */
public sealed interface ConfirmMethod extends Method {

    /** Class id. */
    int CLASS_ID = 85;

    record Select(boolean noWait) implements ConfirmMethod {}

    record SelectOk() implements ConfirmMethod {}

    @Override
    default int classId() {
        return CLASS_ID;
    }

    @Override
    default int methodId() {
        return switch (this) {
            case Select _ -> 10;
            case SelectOk _ -> 11;
        };
    }
}
