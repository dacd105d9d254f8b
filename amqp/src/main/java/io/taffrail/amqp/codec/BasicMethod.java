package io.taffrail.amqp.codec;

import io.taffrail.broker.message.FieldTable;

/**
 * Methods of the class basic: publish, deliver and settle messages (AMQP 0-9-1 §1.8),
 * with RabbitMQ's {@code basic.nack}.
 */
public sealed interface BasicMethod extends Method {

    /** Class id. */
    int CLASS_ID = 60;

    record Qos(long prefetchSizeBytes, int prefetchCount, boolean global) implements BasicMethod {}

    record QosOk() implements BasicMethod {}

    record Consume(String queue, String consumerTag, boolean noLocal, boolean noAck,
            boolean exclusive, boolean noWait, FieldTable arguments) implements BasicMethod {}

    record ConsumeOk(String consumerTag) implements BasicMethod {}

    record Cancel(String consumerTag, boolean noWait) implements BasicMethod {}

    record CancelOk(String consumerTag) implements BasicMethod {}

    record Publish(String exchange, String routingKey, boolean mandatory,
            boolean immediate) implements BasicMethod {}

    record Return(int replyCode, String replyText, String exchange,
            String routingKey) implements BasicMethod {}

    record Deliver(String consumerTag, long deliveryTag, boolean redelivered, String exchange,
            String routingKey) implements BasicMethod {}

    record Get(String queue, boolean noAck) implements BasicMethod {}

    record GetOk(long deliveryTag, boolean redelivered, String exchange, String routingKey,
            long messageCount) implements BasicMethod {}

    record GetEmpty(String reserved1) implements BasicMethod {}

    record Ack(long deliveryTag, boolean multiple) implements BasicMethod {}

    record Reject(long deliveryTag, boolean requeue) implements BasicMethod {}

    record RecoverAsync(boolean requeue) implements BasicMethod {}

    record Recover(boolean requeue) implements BasicMethod {}

    record RecoverOk() implements BasicMethod {}

    record Nack(long deliveryTag, boolean multiple, boolean requeue) implements BasicMethod {}

    @Override
    default int classId() {
        return CLASS_ID;
    }

    @Override
    default int methodId() {
        return switch (this) {
            case Qos _ -> 10;
            case QosOk _ -> 11;
            case Consume _ -> 20;
            case ConsumeOk _ -> 21;
            case Cancel _ -> 30;
            case CancelOk _ -> 31;
            case Publish _ -> 40;
            case Return _ -> 50;
            case Deliver _ -> 60;
            case Get _ -> 70;
            case GetOk _ -> 71;
            case GetEmpty _ -> 72;
            case Ack _ -> 80;
            case Reject _ -> 90;
            case RecoverAsync _ -> 100;
            case Recover _ -> 110;
            case RecoverOk _ -> 111;
            case Nack _ -> 120;
        };
    }
}
