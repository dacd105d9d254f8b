package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.LongString;
import io.taffrail.amqp.codec.Method;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;

/** A client that sends arbitrary bytes. */
final class RawClient implements Closeable {

    private static final int TIMEOUT_MS = 10_000;
    private static final FieldTable CAPABILITIES = FieldTable.of(Map.of("capabilities",
            new FieldValue.TableOf(FieldTable.of(Map.of("authentication_failure_close",
                    new FieldValue.Bool(true))))));

    private final Socket socket;
    private final DataInputStream in;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    void bytes(int... bytes) throws IOException {
        byte[] sent = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            sent[i] = (byte) bytes[i];
        }
        socket.getOutputStream().write(sent);
    }

    void header() throws IOException {
        bytes('A', 'M', 'Q', 'P', 0, 0, 9, 1);
    }

    void send(int channel, Method... methods) throws IOException {
        ByteBuf out = Unpooled.buffer();
        for (Method method : methods) {
            Frame.method(out, channel, method);
        }
        out.readBytes(socket.getOutputStream(), out.readableBytes());
    }

    void send(ByteBuf frames) throws IOException {
        frames.readBytes(socket.getOutputStream(), frames.readableBytes());
    }

    /** Reads the next method on any channel; heartbeats are skipped. */
    Method receive() throws IOException {
        while (true) {
            int type = in.readUnsignedByte();
            ByteBuf payload = restOfFrame();
            if (type == Frame.METHOD) {
                return Method.read(payload);
            }
        }
    }

    /** Reads the next frame, which must be a heartbeat. */
    void heartbeat() throws IOException {
        if (in.readUnsignedByte() != Frame.HEARTBEAT) {
            throw new IOException("no heartbeat");
        }
        restOfFrame();
    }

    private ByteBuf restOfFrame() throws IOException {
        in.skipNBytes(2);
        byte[] payload = in.readNBytes(in.readInt());
        if (in.readUnsignedByte() != Frame.END) {
            throw new IOException("a frame without its end");
        }
        return Unpooled.wrappedBuffer(payload);
    }

    /** Sets the read time-out. */
    void timeout(int milliseconds) throws IOException {
        socket.setSoTimeout(milliseconds);
    }

    /** Reads all bytes until the broker closes the socket. */
    byte[] rest() throws IOException {
        return in.readAllBytes();
    }

    static ConnectionMethod.StartOk login(String mechanism, String response) {
        return new ConnectionMethod.StartOk(CAPABILITIES, mechanism, LongString.of(response),
                "en_US");
    }

    /** Opens the connection with two writes only, without waiting for each answer. */
    RawClient open() throws IOException {
        return open(0);
    }

    RawClient open(int heartbeatSeconds) throws IOException {
        header();
        receive();
        send(0, login("PLAIN", "\0guest\0guest"),
                new ConnectionMethod.TuneOk(2047, 131_072, heartbeatSeconds),
                new ConnectionMethod.Open("/", "", false));
        receive();
        if (!(receive() instanceof ConnectionMethod.OpenOk)) {
            throw new IOException("not opened");
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
