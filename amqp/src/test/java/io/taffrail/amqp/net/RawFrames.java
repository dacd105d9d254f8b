package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.Frame;

/** Frames of a client that sends without waiting for answers. */
final class RawFrames {

    private static final int BASIC = 60;

    private RawFrames() {}

    /** Everything that opens a connection of {@code guest} and channel 1. */
    static ByteBuf opening() {
        ByteBuf out = Unpooled.buffer();
        out.writeBytes(new byte[]{'A', 'M', 'Q', 'P', 0, 0, 9, 1});
        Frame.method(out, 0, RawClient.login("PLAIN", "\0guest\0guest"));
        Frame.method(out, 0, new ConnectionMethod.TuneOk(2047, 131_072, 0));
        Frame.method(out, 0, new ConnectionMethod.Open("/", "", false));
        Frame.method(out, 1, new ChannelMethod.Open(""));
        return out;
    }

    /** Adds a header frame without properties. */
    static void header(ByteBuf out, int channel, long bodyBytes) {
        int start = Frame.begin(out, Frame.HEADER, channel);
        out.writeShort(BASIC).writeShort(0).writeLong(bodyBytes).writeShort(0);
        Frame.end(out, start);
    }

    /** Adds a body frame of zeros. */
    static void body(ByteBuf out, int channel, int bytes) {
        int start = Frame.begin(out, Frame.BODY, channel);
        out.writeZero(bytes);
        Frame.end(out, start);
    }

    /** Adds a message on channel 1 with a body of one frame, or without a body. */
    static void message(ByteBuf out, BasicMethod.Publish publish, int bodyBytes) {
        Frame.method(out, 1, publish);
        header(out, 1, bodyBytes);
        if (bodyBytes > 0) {
            body(out, 1, bodyBytes);
        }
    }
}
