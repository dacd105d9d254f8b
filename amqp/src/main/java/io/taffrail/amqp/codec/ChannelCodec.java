package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;

/** Encodes and decodes the arguments of {@link ChannelMethod}. */
final class ChannelCodec {

    private ChannelCodec() {}

    static ChannelMethod read(int methodId, ByteBuf in) {
        return switch (methodId) {
            case 10 -> new ChannelMethod.Open(WireTypes.shortString(in));
            case 11 -> new ChannelMethod.OpenOk(WireTypes.longText(in));
            case 20 -> new ChannelMethod.Flow((in.readUnsignedByte() & 1) != 0);
            case 21 -> new ChannelMethod.FlowOk((in.readUnsignedByte() & 1) != 0);
            case 40 -> new ChannelMethod.Close(in.readUnsignedShort(), WireTypes.shortString(in),
                    in.readUnsignedShort(), in.readUnsignedShort());
            case 41 -> new ChannelMethod.CloseOk();
            default -> throw UnknownMethodException.of(ChannelMethod.CLASS_ID, methodId);
        };
    }

    static void write(ChannelMethod method, ByteBuf out) {
        switch (method) {
            case ChannelMethod.Open(String reserved1) -> {
                WireTypes.shortString(out, reserved1);
            }
            case ChannelMethod.OpenOk(String reserved1) -> {
                WireTypes.longText(out, reserved1);
            }
            case ChannelMethod.Flow(boolean active) -> {
                out.writeByte(WireTypes.bits(active));
            }
            case ChannelMethod.FlowOk(boolean active) -> {
                out.writeByte(WireTypes.bits(active));
            }
            case ChannelMethod.Close(int replyCode, String replyText, int failingClassId, int failingMethodId) -> {
                out.writeShort(replyCode);
                WireTypes.shortString(out, replyText);
                out.writeShort(failingClassId);
                out.writeShort(failingMethodId);
            }
            case ChannelMethod.CloseOk _ -> {
            }
        }
    }
}
