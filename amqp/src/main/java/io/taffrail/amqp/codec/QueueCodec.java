package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.taffrail.broker.message.FieldTable;

/** Encodes and decodes the arguments of {@link QueueMethod}. */
final class QueueCodec {

    private QueueCodec() {}

    static QueueMethod read(int methodId, ByteBuf in) {
        return switch (methodId) {
            case 10 -> readDeclare(in);
            case 11 -> new QueueMethod.DeclareOk(WireTypes.shortString(in), in.readUnsignedInt(),
                    in.readUnsignedInt());
            case 20 -> readBind(in);
            case 21 -> new QueueMethod.BindOk();
            case 30 -> readPurge(in);
            case 31 -> new QueueMethod.PurgeOk(in.readUnsignedInt());
            case 40 -> readDelete(in);
            case 41 -> new QueueMethod.DeleteOk(in.readUnsignedInt());
            case 50 -> readUnbind(in);
            case 51 -> new QueueMethod.UnbindOk();
            default -> throw UnknownMethodException.of(QueueMethod.CLASS_ID, methodId);
        };
    }

    private static QueueMethod readDeclare(ByteBuf in) {
        in.skipBytes(2);
        String queue = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        FieldTable arguments = Fields.table(in);
        return new QueueMethod.Declare(queue, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0,
                (bits & 8) != 0, (bits & 16) != 0, arguments);
    }

    private static QueueMethod readBind(ByteBuf in) {
        in.skipBytes(2);
        String queue = WireTypes.shortString(in);
        String exchange = WireTypes.shortString(in);
        String routingKey = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        FieldTable arguments = Fields.table(in);
        return new QueueMethod.Bind(queue, exchange, routingKey, (bits & 1) != 0, arguments);
    }

    private static QueueMethod readPurge(ByteBuf in) {
        in.skipBytes(2);
        String queue = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        return new QueueMethod.Purge(queue, (bits & 1) != 0);
    }

    private static QueueMethod readDelete(ByteBuf in) {
        in.skipBytes(2);
        String queue = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        return new QueueMethod.Delete(queue, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
    }

    private static QueueMethod readUnbind(ByteBuf in) {
        in.skipBytes(2);
        String queue = WireTypes.shortString(in);
        String exchange = WireTypes.shortString(in);
        String routingKey = WireTypes.shortString(in);
        FieldTable arguments = Fields.table(in);
        return new QueueMethod.Unbind(queue, exchange, routingKey, arguments);
    }

    static void write(QueueMethod method, ByteBuf out) {
        switch (method) {
            case QueueMethod.Declare(String queue, boolean passive, boolean durable, boolean exclusive, boolean autoDelete, boolean noWait, FieldTable arguments) -> {
                out.writeShort(0);
                WireTypes.shortString(out, queue);
                out.writeByte(WireTypes.bits(passive, durable, exclusive, autoDelete, noWait));
                Fields.table(out, arguments);
            }
            case QueueMethod.DeclareOk(String queue, long messageCount, long consumerCount) -> {
                WireTypes.shortString(out, queue);
                out.writeInt((int) messageCount);
                out.writeInt((int) consumerCount);
            }
            case QueueMethod.Bind(String queue, String exchange, String routingKey, boolean noWait, FieldTable arguments) -> {
                out.writeShort(0);
                WireTypes.shortString(out, queue);
                WireTypes.shortString(out, exchange);
                WireTypes.shortString(out, routingKey);
                out.writeByte(WireTypes.bits(noWait));
                Fields.table(out, arguments);
            }
            case QueueMethod.BindOk _ -> {
            }
            case QueueMethod.Purge(String queue, boolean noWait) -> {
                out.writeShort(0);
                WireTypes.shortString(out, queue);
                out.writeByte(WireTypes.bits(noWait));
            }
            case QueueMethod.PurgeOk(long messageCount) -> {
                out.writeInt((int) messageCount);
            }
            case QueueMethod.Delete(String queue, boolean ifUnused, boolean ifEmpty, boolean noWait) -> {
                out.writeShort(0);
                WireTypes.shortString(out, queue);
                out.writeByte(WireTypes.bits(ifUnused, ifEmpty, noWait));
            }
            case QueueMethod.DeleteOk(long messageCount) -> {
                out.writeInt((int) messageCount);
            }
            case QueueMethod.Unbind(String queue, String exchange, String routingKey, FieldTable arguments) -> {
                out.writeShort(0);
                WireTypes.shortString(out, queue);
                WireTypes.shortString(out, exchange);
                WireTypes.shortString(out, routingKey);
                Fields.table(out, arguments);
            }
            case QueueMethod.UnbindOk _ -> {
            }
        }
    }
}
