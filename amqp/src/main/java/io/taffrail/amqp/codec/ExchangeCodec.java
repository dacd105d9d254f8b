package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.taffrail.broker.message.FieldTable;

/** Encodes and decodes the arguments of {@link ExchangeMethod}. */
final class ExchangeCodec {

    private ExchangeCodec() {}

    static ExchangeMethod read(int methodId, ByteBuf in) {
        return switch (methodId) {
            case 10 -> readDeclare(in);
            case 11 -> new ExchangeMethod.DeclareOk();
            case 20 -> readDelete(in);
            case 21 -> new ExchangeMethod.DeleteOk();
            case 30 -> readBind(in);
            case 31 -> new ExchangeMethod.BindOk();
            case 40 -> readUnbind(in);
            case 51 -> new ExchangeMethod.UnbindOk();
            default -> throw UnknownMethodException.of(ExchangeMethod.CLASS_ID, methodId);
        };
    }

    private static ExchangeMethod readDeclare(ByteBuf in) {
        in.skipBytes(2);
        String exchange = WireTypes.shortString(in);
        String type = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        FieldTable arguments = Fields.table(in);
        return new ExchangeMethod.Declare(exchange, type, (bits & 1) != 0, (bits & 2) != 0,
                (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0, arguments);
    }

    private static ExchangeMethod readDelete(ByteBuf in) {
        in.skipBytes(2);
        String exchange = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        return new ExchangeMethod.Delete(exchange, (bits & 1) != 0, (bits & 2) != 0);
    }

    private static ExchangeMethod readBind(ByteBuf in) {
        in.skipBytes(2);
        String destination = WireTypes.shortString(in);
        String source = WireTypes.shortString(in);
        String routingKey = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        FieldTable arguments = Fields.table(in);
        return new ExchangeMethod.Bind(destination, source, routingKey, (bits & 1) != 0, arguments);
    }

    private static ExchangeMethod readUnbind(ByteBuf in) {
        in.skipBytes(2);
        String destination = WireTypes.shortString(in);
        String source = WireTypes.shortString(in);
        String routingKey = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        FieldTable arguments = Fields.table(in);
        return new ExchangeMethod.Unbind(destination, source, routingKey, (bits & 1) != 0,
                arguments);
    }

    static void write(ExchangeMethod method, ByteBuf out) {
        switch (method) {
            case ExchangeMethod.Declare(String exchange, String type, boolean passive, boolean durable, boolean autoDelete, boolean internal, boolean noWait, FieldTable arguments) -> {
                out.writeShort(0);
                WireTypes.shortString(out, exchange);
                WireTypes.shortString(out, type);
                out.writeByte(WireTypes.bits(passive, durable, autoDelete, internal, noWait));
                Fields.table(out, arguments);
            }
            case ExchangeMethod.DeclareOk _ -> {
            }
            case ExchangeMethod.Delete(String exchange, boolean ifUnused, boolean noWait) -> {
                out.writeShort(0);
                WireTypes.shortString(out, exchange);
                out.writeByte(WireTypes.bits(ifUnused, noWait));
            }
            case ExchangeMethod.DeleteOk _ -> {
            }
            case ExchangeMethod.Bind(String destination, String source, String routingKey, boolean noWait, FieldTable arguments) -> {
                out.writeShort(0);
                WireTypes.shortString(out, destination);
                WireTypes.shortString(out, source);
                WireTypes.shortString(out, routingKey);
                out.writeByte(WireTypes.bits(noWait));
                Fields.table(out, arguments);
            }
            case ExchangeMethod.BindOk _ -> {
            }
            case ExchangeMethod.Unbind(String destination, String source, String routingKey, boolean noWait, FieldTable arguments) -> {
                out.writeShort(0);
                WireTypes.shortString(out, destination);
                WireTypes.shortString(out, source);
                WireTypes.shortString(out, routingKey);
                out.writeByte(WireTypes.bits(noWait));
                Fields.table(out, arguments);
            }
            case ExchangeMethod.UnbindOk _ -> {
            }
        }
    }
}
