package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;

/**
 * The general frame (AMQP 0-9-1 §4.2.3):
 *
 * <pre>
 * u8 type | u16 channel | u32 size | size bytes | 0xCE
 * </pre>
 */
public final class Frame {

    public static final int METHOD = 1;
    public static final int HEADER = 2;
    public static final int BODY = 3;
    public static final int HEARTBEAT = 8;

    public static final int HEADER_BYTES = 7;
    public static final int END = 0xCE;
    /** Bytes of a frame that are not payload: header and end octet. */
    public static final int OVERHEAD_BYTES = HEADER_BYTES + 1;
    /** Frame size that every peer must accept ({@code frame-min-size}), in bytes. */
    public static final int MIN_MAX_BYTES = 4096;

    /** Largest frame accepted before {@code connection.tune-ok}, in bytes. */
    public static final int INITIAL_MAX_BYTES = 8192;

    private Frame() {}

    /** Writes a method frame. */
    public static void method(ByteBuf out, int channel, Method method) {
        int start = begin(out, METHOD, channel);
        Method.write(method, out);
        end(out, start);
    }

    /** Writes a frame header without its size; returns the start index to pass to {@link #end}. */
    public static int begin(ByteBuf out, int type, int channel) {
        int start = out.writerIndex();
        out.writeByte(type).writeShort(channel).writeInt(0);
        return start;
    }

    /** Completes a frame: sets its size and writes the end octet. */
    public static void end(ByteBuf out, int start) {
        out.setInt(start + 3, out.writerIndex() - start - HEADER_BYTES);
        out.writeByte(END);
    }

    /** Writes a heartbeat frame. */
    public static void heartbeat(ByteBuf out) {
        out.writeByte(HEARTBEAT).writeShort(0).writeInt(0).writeByte(END);
    }
}
