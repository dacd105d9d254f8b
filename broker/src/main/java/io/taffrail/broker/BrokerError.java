package io.taffrail.broker;

/**
 * The catalogue of operating errors of the domain. Each head maps every one of them to a code of
 * its protocol.
 */
public enum BrokerError {

    TOPIC_NOT_FOUND(Scope.TOPIC, false, "There is no such topic."),
    TOPIC_EXISTS(Scope.TOPIC, false, "The topic exists already."),
    INVALID_TOPIC_NAME(Scope.TOPIC, false, "The topic's name is not allowed."),
    INVALID_PARTITION_COUNT(Scope.TOPIC, false, "The number of partitions is not possible."),
    INVALID_TOPIC_CONFIG(Scope.TOPIC, false, "A setting of the topic is unknown or not possible."),
    TOPIC_DELETION_DISABLED(Scope.BROKER, false, "Topics may not be deleted here."),
    PARTITION_LIMIT_REACHED(Scope.BROKER, false, "The broker holds as many partitions as it may."),
    STORAGE_FAILED(Scope.BROKER, true, "The disk is full or failed."),
    BROKER_CLOSING(Scope.BROKER, true, "The broker is stopping."),
    VIRTUAL_HOST_NOT_FOUND(Scope.CONNECTION, false, "There is no such virtual host."),
    NOT_ALLOWED(Scope.CONNECTION, false, "This is not allowed on this connection."),
    NOT_IMPLEMENTED(Scope.CONNECTION, false, "The broker does not do this."),
    EXCHANGE_NOT_FOUND(Scope.CHANNEL, false, "There is no such exchange."),
    QUEUE_NOT_FOUND(Scope.CHANNEL, false, "There is no such queue."),
    BINDING_NOT_FOUND(Scope.CHANNEL, false, "There is no such binding."),
    ACCESS_REFUSED(Scope.CHANNEL, false, "This name or object is not for clients to use so."),
    QUEUE_LOCKED(Scope.CHANNEL, false, "The queue is exclusive to another connection."),
    PRECONDITION_FAILED(Scope.CHANNEL, false,
            "An argument is not possible or not the present one."),
    INVALID_DEFINITION(Scope.BROKER, false, "A setting of the object is not possible."),
    OBJECT_NOT_FOUND(Scope.BROKER, false, "There is no such object."),
    OBJECT_EXISTS(Scope.BROKER, false, "An object of this name exists already."),
    QUEUE_QUARANTINED(Scope.CHANNEL, true, "The queue failed and has to be opened anew."),
    OBJECT_LIMIT_REACHED(Scope.CHANNEL, false, "There is no room for more definitions.");

    /** The scope of an error. */
    public enum Scope {
        TOPIC,
        BROKER,
        /** Closes the channel of the request, if the head has channels. */
        CHANNEL,
        /** Closes the connection of the request. */
        CONNECTION
    }

    private final Scope scope;
    private final boolean retriable;
    private final String text;

    BrokerError(Scope scope, boolean retriable, String text) {
        this.scope = scope;
        this.retriable = retriable;
        this.text = text;
    }

    public Scope scope() {
        return scope;
    }

    /** Whether the same request may succeed later without a change to it. */
    public boolean retriable() {
        return retriable;
    }

    /** One sentence for people to read. */
    public String text() {
        return text;
    }
}
