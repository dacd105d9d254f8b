package io.taffrail.amqp.codec;

/** Methods of the class access: access tickets of AMQP 0-8, which old clients still request. */
public sealed interface AccessMethod extends Method {

    /** Class id. */
    int CLASS_ID = 30;

    record Request(String realm, boolean exclusive, boolean passive, boolean active, boolean write,
            boolean read) implements AccessMethod {}

    record RequestOk(int ticket) implements AccessMethod {}

    @Override
    default int classId() {
        return CLASS_ID;
    }

    @Override
    default int methodId() {
        return switch (this) {
            case Request _ -> 10;
            case RequestOk _ -> 11;
        };
    }
}
