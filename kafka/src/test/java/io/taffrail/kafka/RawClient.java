package io.taffrail.kafka;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** A client that sends any bytes, well-formed or not. */
public final class RawClient implements Closeable {

    private static final int PATIENCE_MS = 20_000;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private int correlation;

    public RawClient(int port) throws IOException {
        this(port, 0);
    }

    /** Connects with a small receive buffer: the system accepts about this many unread bytes. */
    public RawClient(int port, int receiveBytes) throws IOException {
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /** Sends these bytes unchanged. */
    public RawClient bytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** A request's frame, including its size. */
    public byte[] frame(ApiKeys key, int version, ApiMessage body) {
        short headerVersion = key.requestHeaderVersion((short) version);
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(key.id)
                .setRequestApiVersion((short) version).setCorrelationId(++correlation)
                .setClientId("raw");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, headerVersion).buffer();
        ByteBuffer tail = MessageUtil.toByteBufferAccessor(body, (short) version).buffer();
        return ByteBuffer.allocate(4 + head.remaining() + tail.remaining())
                .putInt(head.remaining() + tail.remaining()).put(head).put(tail).array();
    }

    public RawClient send(ApiKeys key, int version, ApiMessage body) throws IOException {
        return bytes(frame(key, version, body));
    }

    /** Reads the next response, which must be of this kind and version. */
    public <T extends ApiMessage> T receive(ApiKeys key, int version, Class<T> type)
            throws IOException {
        ByteBuffer frame = receiveFrame();
        ByteBufferAccessor readable = new ByteBufferAccessor(frame);
        new ResponseHeaderData(readable, key.responseHeaderVersion((short) version));
        ApiMessage body = key.messageType.newResponse();
        body.read(readable, (short) version);
        if (frame.hasRemaining()) {
            throw new IOException(frame.remaining() + " bytes after the response");
        }
        return type.cast(body);
    }

    public ByteBuffer receiveFrame() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return ByteBuffer.wrap(frame);
    }

    public <T extends ApiMessage> T call(ApiKeys key, int version, ApiMessage body, Class<T> type)
            throws IOException {
        send(key, version, body);
        return receive(key, version, type);
    }

    /**
     * Whether the broker has closed the connection; waits until it has, or until a byte arrives.
     */
    public boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException e) {
            return true;
        } catch (SocketException e) {
            return e.getMessage() != null && e.getMessage().contains("reset");
        }
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
