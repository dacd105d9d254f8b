package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.taffrail.broker.message.FieldTable;

/** Encodes and decodes the arguments of {@link ConnectionMethod}. */
final class ConnectionCodec {

    private ConnectionCodec() {}

    static ConnectionMethod read(int methodId, ByteBuf in) {
        return switch (methodId) {
            case 10 -> new ConnectionMethod.Start(in.readUnsignedByte(), in.readUnsignedByte(),
                    Fields.table(in), WireTypes.longText(in), WireTypes.longText(in));
            case 11 -> new ConnectionMethod.StartOk(Fields.table(in), WireTypes.shortString(in),
                    LongString.read(in), WireTypes.shortString(in));
            case 20 -> new ConnectionMethod.Secure(LongString.read(in));
            case 21 -> new ConnectionMethod.SecureOk(LongString.read(in));
            case 30 -> new ConnectionMethod.Tune(in.readUnsignedShort(), in.readUnsignedInt(),
                    in.readUnsignedShort());
            case 31 -> new ConnectionMethod.TuneOk(in.readUnsignedShort(), in.readUnsignedInt(),
                    in.readUnsignedShort());
            case 40 -> readOpen(in);
            case 41 -> new ConnectionMethod.OpenOk(WireTypes.shortString(in));
            case 50 -> new ConnectionMethod.Close(in.readUnsignedShort(), WireTypes.shortString(in),
                    in.readUnsignedShort(), in.readUnsignedShort());
            case 51 -> new ConnectionMethod.CloseOk();
            case 60 -> new ConnectionMethod.Blocked(WireTypes.shortString(in));
            case 61 -> new ConnectionMethod.Unblocked();
            case 70 ->
                new ConnectionMethod.UpdateSecret(LongString.read(in), WireTypes.shortString(in));
            case 71 -> new ConnectionMethod.UpdateSecretOk();
            default -> throw UnknownMethodException.of(ConnectionMethod.CLASS_ID, methodId);
        };
    }

    private static ConnectionMethod readOpen(ByteBuf in) {
        String virtualHost = WireTypes.shortString(in);
        String reserved1 = WireTypes.shortString(in);
        int bits = in.readUnsignedByte();
        return new ConnectionMethod.Open(virtualHost, reserved1, (bits & 1) != 0);
    }

    static void write(ConnectionMethod method, ByteBuf out) {
        switch (method) {
            case ConnectionMethod.Start(int versionMajor, int versionMinor, FieldTable serverProperties, String mechanisms, String locales) -> {
                out.writeByte(versionMajor);
                out.writeByte(versionMinor);
                Fields.table(out, serverProperties);
                WireTypes.longText(out, mechanisms);
                WireTypes.longText(out, locales);
            }
            case ConnectionMethod.StartOk(FieldTable clientProperties, String mechanism, LongString response, String locale) -> {
                Fields.table(out, clientProperties);
                WireTypes.shortString(out, mechanism);
                response.write(out);
                WireTypes.shortString(out, locale);
            }
            case ConnectionMethod.Secure(LongString challenge) -> {
                challenge.write(out);
            }
            case ConnectionMethod.SecureOk(LongString response) -> {
                response.write(out);
            }
            case ConnectionMethod.Tune(int channelMax, long frameMax, int heartbeatSeconds) -> {
                out.writeShort(channelMax);
                out.writeInt((int) frameMax);
                out.writeShort(heartbeatSeconds);
            }
            case ConnectionMethod.TuneOk(int channelMax, long frameMax, int heartbeatSeconds) -> {
                out.writeShort(channelMax);
                out.writeInt((int) frameMax);
                out.writeShort(heartbeatSeconds);
            }
            case ConnectionMethod.Open(String virtualHost, String reserved1, boolean reserved2) -> {
                WireTypes.shortString(out, virtualHost);
                WireTypes.shortString(out, reserved1);
                out.writeByte(WireTypes.bits(reserved2));
            }
            case ConnectionMethod.OpenOk(String reserved1) -> {
                WireTypes.shortString(out, reserved1);
            }
            case ConnectionMethod.Close(int replyCode, String replyText, int failingClassId, int failingMethodId) -> {
                out.writeShort(replyCode);
                WireTypes.shortString(out, replyText);
                out.writeShort(failingClassId);
                out.writeShort(failingMethodId);
            }
            case ConnectionMethod.CloseOk _ -> {
            }
            case ConnectionMethod.Blocked(String reason) -> {
                WireTypes.shortString(out, reason);
            }
            case ConnectionMethod.Unblocked _ -> {
            }
            case ConnectionMethod.UpdateSecret(LongString newSecret, String reason) -> {
                newSecret.write(out);
                WireTypes.shortString(out, reason);
            }
            case ConnectionMethod.UpdateSecretOk _ -> {
            }
        }
    }
}
