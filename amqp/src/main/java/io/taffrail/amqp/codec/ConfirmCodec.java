package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;

/** Encodes and decodes the arguments of {@link ConfirmMethod}. */
final class ConfirmCodec {

    private ConfirmCodec() {}

    static ConfirmMethod read(int methodId, ByteBuf in) {
        return switch (methodId) {
            case 10 -> new ConfirmMethod.Select((in.readUnsignedByte() & 1) != 0);
            case 11 -> new ConfirmMethod.SelectOk();
            default -> throw UnknownMethodException.of(ConfirmMethod.CLASS_ID, methodId);
        };
    }

    static void write(ConfirmMethod method, ByteBuf out) {
        switch (method) {
            case ConfirmMethod.Select(boolean noWait) -> {
                out.writeByte(WireTypes.bits(noWait));
            }
            case ConfirmMethod.SelectOk _ -> {
            }
        }
    }
}
