package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;

/** Encodes and decodes the arguments of {@link AccessMethod}. */
final class AccessCodec {

    private AccessCodec() {}

    static AccessMethod read(int methodId, ByteBuf in) {
        return switch (methodId) {
            case 10 -> readRequest(in);
            case 11 -> new AccessMethod.RequestOk(in.readUnsignedShort());
            default -> throw UnknownMethodException.of(AccessMethod.CLASS_ID, methodId);
        };
    }

    private static AccessMethod readRequest(ByteBuf in) {
        String realm = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        return new AccessMethod.Request(realm, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0,
                (bits & 8) != 0, (bits & 16) != 0);
    }

    static void write(AccessMethod method, ByteBuf out) {
        switch (method) {
            case AccessMethod.Request(String realm, boolean exclusive, boolean passive, boolean active, boolean write, boolean read) -> {
                WireTypes.shortString(out, realm);
                out.writeByte(WireTypes.bits(exclusive, passive, active, write, read));
            }
            case AccessMethod.RequestOk(int ticket) -> {
                out.writeShort(ticket);
            }
        }
    }
}
