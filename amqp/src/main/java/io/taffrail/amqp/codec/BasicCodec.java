package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.taffrail.broker.message.FieldTable;

/** Encodes and decodes the arguments of {@link BasicMethod}. */
final class BasicCodec {

    private BasicCodec() {}

    static BasicMethod read(int methodId, ByteBuf in) {
        return switch (methodId) {
            case 10 -> readQos(in);
            case 11 -> new BasicMethod.QosOk();
            case 20 -> readConsume(in);
            case 21 -> new BasicMethod.ConsumeOk(WireTypes.shortString(in));
            case 30 -> readCancel(in);
            case 31 -> new BasicMethod.CancelOk(WireTypes.shortString(in));
            case 40 -> readPublish(in);
            case 50 -> new BasicMethod.Return(in.readUnsignedShort(), WireTypes.shortBytes(in),
                    WireTypes.shortBytes(in), WireTypes.shortBytes(in));
            case 60 -> readDeliver(in);
            case 70 -> readGet(in);
            case 71 -> readGetOk(in);
            case 72 -> new BasicMethod.GetEmpty(WireTypes.shortString(in));
            case 80 -> readAck(in);
            case 90 -> readReject(in);
            case 100 -> new BasicMethod.RecoverAsync((in.readUnsignedByte() & 1) != 0);
            case 110 -> new BasicMethod.Recover((in.readUnsignedByte() & 1) != 0);
            case 111 -> new BasicMethod.RecoverOk();
            case 120 -> readNack(in);
            default -> throw UnknownMethodException.of(BasicMethod.CLASS_ID, methodId);
        };
    }

    private static BasicMethod readQos(ByteBuf in) {
        long prefetchSizeBytes = in.readUnsignedInt();
        int prefetchCount = in.readUnsignedShort();
        int bits = in.readUnsignedByte();
        return new BasicMethod.Qos(prefetchSizeBytes, prefetchCount, (bits & 1) != 0);
    }

    private static BasicMethod readConsume(ByteBuf in) {
        in.skipBytes(2);
        String queue = WireTypes.shortString(in);
        String consumerTag = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        FieldTable arguments = Fields.table(in);
        return new BasicMethod.Consume(queue, consumerTag, (bits & 1) != 0, (bits & 2) != 0,
                (bits & 4) != 0, (bits & 8) != 0, arguments);
    }

    private static BasicMethod readCancel(ByteBuf in) {
        String consumerTag = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        return new BasicMethod.Cancel(consumerTag, (bits & 1) != 0);
    }

    private static BasicMethod readPublish(ByteBuf in) {
        in.skipBytes(2);
        String exchange = WireTypes.shortBytes(in);
        String routingKey = WireTypes.shortBytes(in);
        int bits = in.readUnsignedByte();
        return new BasicMethod.Publish(exchange, routingKey, (bits & 1) != 0, (bits & 2) != 0);
    }

    private static BasicMethod readDeliver(ByteBuf in) {
        String consumerTag = WireTypes.shortString(in);
        long deliveryTag = in.readLong();
        int bits = in.readUnsignedByte();
        String exchange = WireTypes.shortBytes(in);
        String routingKey = WireTypes.shortBytes(in);
        return new BasicMethod.Deliver(consumerTag, deliveryTag, (bits & 1) != 0, exchange,
                routingKey);
    }

    private static BasicMethod readGet(ByteBuf in) {
        in.skipBytes(2);
        String queue = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        return new BasicMethod.Get(queue, (bits & 1) != 0);
    }

    private static BasicMethod readGetOk(ByteBuf in) {
        long deliveryTag = in.readLong();
        int bits = in.readUnsignedByte();
        String exchange = WireTypes.shortBytes(in);
        String routingKey = WireTypes.shortBytes(in);
        long messageCount = in.readUnsignedInt();
        return new BasicMethod.GetOk(deliveryTag, (bits & 1) != 0, exchange, routingKey,
                messageCount);
    }

    private static BasicMethod readAck(ByteBuf in) {
        long deliveryTag = in.readLong();
        int bits = in.readUnsignedByte();
        return new BasicMethod.Ack(deliveryTag, (bits & 1) != 0);
    }

    private static BasicMethod readReject(ByteBuf in) {
        long deliveryTag = in.readLong();
        int bits = in.readUnsignedByte();
        return new BasicMethod.Reject(deliveryTag, (bits & 1) != 0);
    }

    private static BasicMethod readNack(ByteBuf in) {
        long deliveryTag = in.readLong();
        int bits = in.readUnsignedByte();
        return new BasicMethod.Nack(deliveryTag, (bits & 1) != 0, (bits & 2) != 0);
    }

    static void write(BasicMethod method, ByteBuf out) {
        switch (method) {
            case BasicMethod.Qos(long prefetchSizeBytes, int prefetchCount, boolean global) -> {
                out.writeInt((int) prefetchSizeBytes);
                out.writeShort(prefetchCount);
                out.writeByte(WireTypes.bits(global));
            }
            case BasicMethod.QosOk _ -> {
            }
            case BasicMethod.Consume(String queue, String consumerTag, boolean noLocal, boolean noAck, boolean exclusive, boolean noWait, FieldTable arguments) -> {
                out.writeShort(0);
                WireTypes.shortString(out, queue);
                WireTypes.shortString(out, consumerTag);
                out.writeByte(WireTypes.bits(noLocal, noAck, exclusive, noWait));
                Fields.table(out, arguments);
            }
            case BasicMethod.ConsumeOk(String consumerTag) -> {
                WireTypes.shortString(out, consumerTag);
            }
            case BasicMethod.Cancel(String consumerTag, boolean noWait) -> {
                WireTypes.shortString(out, consumerTag);
                out.writeByte(WireTypes.bits(noWait));
            }
            case BasicMethod.CancelOk(String consumerTag) -> {
                WireTypes.shortString(out, consumerTag);
            }
            case BasicMethod.Publish(String exchange, String routingKey, boolean mandatory, boolean immediate) -> {
                out.writeShort(0);
                WireTypes.shortString(out, exchange);
                WireTypes.shortString(out, routingKey);
                out.writeByte(WireTypes.bits(mandatory, immediate));
            }
            case BasicMethod.Return(int replyCode, String replyText, String exchange, String routingKey) -> {
                out.writeShort(replyCode);
                WireTypes.shortString(out, replyText);
                WireTypes.shortString(out, exchange);
                WireTypes.shortString(out, routingKey);
            }
            case BasicMethod.Deliver(String consumerTag, long deliveryTag, boolean redelivered, String exchange, String routingKey) -> {
                WireTypes.shortString(out, consumerTag);
                out.writeLong(deliveryTag);
                out.writeByte(WireTypes.bits(redelivered));
                WireTypes.shortString(out, exchange);
                WireTypes.shortString(out, routingKey);
            }
            case BasicMethod.Get(String queue, boolean noAck) -> {
                out.writeShort(0);
                WireTypes.shortString(out, queue);
                out.writeByte(WireTypes.bits(noAck));
            }
            case BasicMethod.GetOk(long deliveryTag, boolean redelivered, String exchange, String routingKey, long messageCount) -> {
                out.writeLong(deliveryTag);
                out.writeByte(WireTypes.bits(redelivered));
                WireTypes.shortString(out, exchange);
                WireTypes.shortString(out, routingKey);
                out.writeInt((int) messageCount);
            }
            case BasicMethod.GetEmpty(String reserved1) -> {
                WireTypes.shortString(out, reserved1);
            }
            case BasicMethod.Ack(long deliveryTag, boolean multiple) -> {
                out.writeLong(deliveryTag);
                out.writeByte(WireTypes.bits(multiple));
            }
            case BasicMethod.Reject(long deliveryTag, boolean requeue) -> {
                out.writeLong(deliveryTag);
                out.writeByte(WireTypes.bits(requeue));
            }
            case BasicMethod.RecoverAsync(boolean requeue) -> {
                out.writeByte(WireTypes.bits(requeue));
            }
            case BasicMethod.Recover(boolean requeue) -> {
                out.writeByte(WireTypes.bits(requeue));
            }
            case BasicMethod.RecoverOk _ -> {
            }
            case BasicMethod.Nack(long deliveryTag, boolean multiple, boolean requeue) -> {
                out.writeLong(deliveryTag);
                out.writeByte(WireTypes.bits(multiple, requeue));
            }
        }
    }
}
