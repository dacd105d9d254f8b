package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;

/** A method of AMQP 0-9-1 or of RabbitMQ's extensions, sent by client or server. */
public sealed interface Method permits AccessMethod, BasicMethod, ChannelMethod, ConfirmMethod,
        ConnectionMethod, ExchangeMethod, QueueMethod, TxMethod {

    int classId();

    int methodId();

    /**
     * Reads the payload of a method frame, {@code u16 class | u16 method | arguments} (§2.3.5.1).
     *
     * @throws AmqpException
     *             501 if the arguments are malformed; other codes from field tables
     * @throws UnknownMethodException
     *             if class or method id is unknown
     */
    static Method read(ByteBuf in) {
        try {
            int classId = in.readUnsignedShort();
            int methodId = in.readUnsignedShort();
            Method method = switch (classId) {
                case ConnectionMethod.CLASS_ID -> ConnectionCodec.read(methodId, in);
                case ChannelMethod.CLASS_ID -> ChannelCodec.read(methodId, in);
                case AccessMethod.CLASS_ID -> AccessCodec.read(methodId, in);
                case ExchangeMethod.CLASS_ID -> ExchangeCodec.read(methodId, in);
                case QueueMethod.CLASS_ID -> QueueCodec.read(methodId, in);
                case BasicMethod.CLASS_ID -> BasicCodec.read(methodId, in);
                case ConfirmMethod.CLASS_ID -> ConfirmCodec.read(methodId, in);
                case TxMethod.CLASS_ID -> TxCodec.read(methodId, in);
                default -> throw new UnknownMethodException(classId, methodId);
            };
            if (in.isReadable()) {
                throw new AmqpException(ReplyCode.FRAME_ERROR,
                        "a method goes on behind its arguments");
            }
            return method;
        } catch (IndexOutOfBoundsException e) {
            throw new AmqpException(ReplyCode.FRAME_ERROR, "a method ends before its arguments", e);
        }
    }

    /** Writes the payload of a method frame, in the format that {@link #read} reads. */
    static void write(Method method, ByteBuf out) {
        out.writeShort(method.classId());
        out.writeShort(method.methodId());
        switch (method) {
            case ConnectionMethod m -> ConnectionCodec.write(m, out);
            case ChannelMethod m -> ChannelCodec.write(m, out);
            case AccessMethod m -> AccessCodec.write(m, out);
            case ExchangeMethod m -> ExchangeCodec.write(m, out);
            case QueueMethod m -> QueueCodec.write(m, out);
            case BasicMethod m -> BasicCodec.write(m, out);
            case ConfirmMethod m -> ConfirmCodec.write(m, out);
            case TxMethod m -> TxCodec.write(m, out);
        }
    }
}
