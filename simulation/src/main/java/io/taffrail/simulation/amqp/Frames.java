package io.taffrail.simulation.amqp;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client's frames as bytes (AMQP 0-9-1 §4.2.3), encoded independently of the head's own code. */
final class Frames {

    private static final int METHOD = 1;
    private static final int HEADER = 2;
    private static final int BODY = 3;
    private static final int HEARTBEAT = 8;
    private static final int END = 0xCE;
    private static final int BASIC = 60;

    /** Writes the arguments of a method. */
    interface Arguments {
        void write(DataOutputStream out) throws IOException;
    }

    private Frames() {}

    static byte[] protocol() {
        return new byte[]{'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    }

    static byte[] heartbeat() {
        return frame(HEARTBEAT, 0, new byte[0]);
    }

    static byte[] method(int channel, int type, int id, Arguments arguments) {
        return frame(METHOD, channel, bytes(out -> {
            out.writeShort(type);
            out.writeShort(id);
            arguments.write(out);
        }));
    }

    /**
     * A persistent message: method, header, and a body that is split into two frames behind
     * {@code split} bytes.
     */
    static byte[] publish(int channel, String exchange, String key, byte[] body, int split) {
        return bytes(out -> {
            out.write(method(channel, BASIC, 40, it -> {
                it.writeShort(0);
                shortText(it, exchange);
                shortText(it, key);
                it.writeByte(0);
            }));
            out.write(frame(HEADER, channel, bytes(it -> {
                it.writeShort(BASIC);
                it.writeShort(0);
                it.writeLong(body.length);
                // Property flags: only the delivery mode, which is persistent.
                it.writeShort(1 << 12);
                it.writeByte(2);
            })));
            int first = Math.min(split, body.length);
            if (first > 0) {
                out.write(frame(BODY, channel, Arrays.copyOf(body, first)));
            }
            if (body.length > first) {
                out.write(frame(BODY, channel,
                        Arrays.copyOfRange(body, first, body.length)));
            }
        });
    }

    private static byte[] frame(int type, int channel, byte[] payload) {
        return bytes(out -> {
            out.writeByte(type);
            out.writeShort(channel);
            out.writeInt(payload.length);
            out.write(payload);
            out.writeByte(END);
        });
    }

    static void shortText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(bytes.length);
        out.write(bytes);
    }

    static void longText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(Arguments content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            content.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
