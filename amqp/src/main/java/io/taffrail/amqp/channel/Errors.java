package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps errors of the broker to AMQP reply codes. */
final class Errors {

    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private Errors() {}

    /** Error for the client. An unexpected failure is logged and becomes 541 INTERNAL_ERROR. */
    static AmqpException of(Throwable failure) {
        return switch (failure) {
            case AmqpException e -> e;
            case BrokerException e -> new AmqpException(code(e.error()), e.detail(), e);
            case CompletionException e when e.getCause() != null -> of(e.getCause());
            default -> {
                LOG.error("a request failed", failure);
                yield new AmqpException(ReplyCode.INTERNAL_ERROR, "the broker failed", failure);
            }
        };
    }

    static ReplyCode code(BrokerError error) {
        return switch (error) {
            case TOPIC_NOT_FOUND, EXCHANGE_NOT_FOUND, QUEUE_NOT_FOUND, BINDING_NOT_FOUND,
                    OBJECT_NOT_FOUND ->
                ReplyCode.NOT_FOUND;
            case ACCESS_REFUSED, TOPIC_DELETION_DISABLED -> ReplyCode.ACCESS_REFUSED;
            case QUEUE_LOCKED -> ReplyCode.RESOURCE_LOCKED;
            case PRECONDITION_FAILED, TOPIC_EXISTS, INVALID_TOPIC_NAME, INVALID_PARTITION_COUNT,
                    INVALID_TOPIC_CONFIG, PARTITION_LIMIT_REACHED, OBJECT_LIMIT_REACHED,
                    INVALID_DEFINITION, OBJECT_EXISTS ->
                ReplyCode.PRECONDITION_FAILED;
            case VIRTUAL_HOST_NOT_FOUND, NOT_ALLOWED -> ReplyCode.NOT_ALLOWED;
            case NOT_IMPLEMENTED -> ReplyCode.NOT_IMPLEMENTED;
            case STORAGE_FAILED, QUEUE_QUARANTINED -> ReplyCode.INTERNAL_ERROR;
            case BROKER_CLOSING -> ReplyCode.CONNECTION_FORCED;
        };
    }

    /** Error for a method that only a server may send or that is not allowed on a channel. */
    static AmqpException unimplemented() {
        return new AmqpException(ReplyCode.COMMAND_INVALID, "unimplemented method");
    }
}
