package io.taffrail.broker;

/**
 * The catalogue of operating errors of the domain. Each head maps every one of them to a code of
 * its protocol.
 */
public enum BrokerError {

    TOPIC_NOT_FOUND("There is no such topic."),
    TOPIC_EXISTS("The topic exists already."),
    INVALID_TOPIC_NAME("The topic's name is not allowed."),
    INVALID_PARTITION_COUNT("The number of partitions is not possible."),
    INVALID_TOPIC_CONFIG("A setting of the topic is unknown or not possible."),
    TOPIC_DELETION_DISABLED("Topics may not be deleted here."),
    PARTITION_LIMIT_REACHED("The broker holds as many partitions as it may."),
    STORAGE_FAILED("The disk is full or failed."),
    BROKER_CLOSING("The broker is stopping."),
    VIRTUAL_HOST_NOT_FOUND("There is no such virtual host."),
    NOT_ALLOWED("This is not allowed on this connection."),
    NOT_IMPLEMENTED("The broker does not do this."),
    EXCHANGE_NOT_FOUND("There is no such exchange."),
    QUEUE_NOT_FOUND("There is no such queue."),
    BINDING_NOT_FOUND("There is no such binding."),
    ACCESS_REFUSED("This name or object is not for clients to use so."),
    QUEUE_LOCKED("The queue is exclusive to another connection."),
    PRECONDITION_FAILED("An argument is not possible or not the present one."),
    INVALID_DEFINITION("A setting of the object is not possible."),
    OBJECT_NOT_FOUND("There is no such object."),
    OBJECT_EXISTS("An object of this name exists already."),
    QUEUE_QUARANTINED("The queue failed and has to be opened anew."),
    OBJECT_LIMIT_REACHED("There is no room for more definitions.");

    private final String text;

    BrokerError(String text) {
        this.text = text;
    }

    /** One sentence for people to read. */
    public String text() {
        return text;
    }
}
