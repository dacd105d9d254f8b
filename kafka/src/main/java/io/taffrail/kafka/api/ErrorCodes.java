package io.taffrail.kafka.api;

import io.taffrail.broker.BrokerError;
import io.taffrail.log.Refusal;
import org.apache.kafka.common.protocol.Errors;

/** Mapping of every error of the domain and of the logs to Kafka's error code. */
public final class ErrorCodes {

    private ErrorCodes() {}

    public static Errors of(BrokerError error) {
        return switch (error) {
            case TOPIC_NOT_FOUND -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
            case TOPIC_EXISTS -> Errors.TOPIC_ALREADY_EXISTS;
            case INVALID_TOPIC_NAME -> Errors.INVALID_TOPIC_EXCEPTION;
            case INVALID_PARTITION_COUNT -> Errors.INVALID_PARTITIONS;
            case INVALID_TOPIC_CONFIG -> Errors.INVALID_CONFIG;
            case TOPIC_DELETION_DISABLED -> Errors.TOPIC_DELETION_DISABLED;
            case PARTITION_LIMIT_REACHED -> Errors.POLICY_VIOLATION;
            case STORAGE_FAILED, QUEUE_QUARANTINED -> Errors.KAFKA_STORAGE_ERROR;
            case BROKER_CLOSING -> Errors.BROKER_NOT_AVAILABLE;
            case VIRTUAL_HOST_NOT_FOUND, EXCHANGE_NOT_FOUND, QUEUE_NOT_FOUND, BINDING_NOT_FOUND ->
                Errors.RESOURCE_NOT_FOUND;
            case NOT_ALLOWED, ACCESS_REFUSED, QUEUE_LOCKED, PRECONDITION_FAILED ->
                Errors.INVALID_REQUEST;
            case NOT_IMPLEMENTED -> Errors.UNSUPPORTED_VERSION;
            case INVALID_DEFINITION, OBJECT_EXISTS -> Errors.INVALID_REQUEST;
            case OBJECT_NOT_FOUND -> Errors.RESOURCE_NOT_FOUND;
            case OBJECT_LIMIT_REACHED -> Errors.POLICY_VIOLATION;
        };
    }

    public static Errors of(Refusal refusal) {
        return switch (refusal) {
            case CORRUPT_BATCH -> Errors.CORRUPT_MESSAGE;
            case INVALID_RECORD -> Errors.INVALID_RECORD;
            case INVALID_TIMESTAMP -> Errors.INVALID_TIMESTAMP;
            case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case COORDINATOR_FENCED -> Errors.TRANSACTION_COORDINATOR_FENCED;
            case WRITER_FENCED, CLOSED -> Errors.NOT_LEADER_OR_FOLLOWER;
            case DISK_FULL, STORAGE_FAILED -> Errors.KAFKA_STORAGE_ERROR;
            case OVERLOADED -> Errors.REQUEST_TIMED_OUT;
        };
    }
}
