package io.taffrail.http.server;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.ClientConnection;
import io.taffrail.net.ConnectionRegistry;
import io.taffrail.net.Listener;
import java.net.InetSocketAddress;
import java.util.List;

/** Accepts HTTP connections. Safe for any thread. */
public final class HttpListener implements AutoCloseable {

    private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(64 << 10,
            128 << 10);
    private static final int MAX_LINE_BYTES = 16 << 10;
    private static final int MAX_HEADERS_BYTES = 16 << 10;
    private static final int MAX_CHUNK_BYTES = 16 << 10;

    private final Listener listener;
    private final ConnectionRegistry connections;

    private HttpListener(Listener listener, ConnectionRegistry connections) {
        this.listener = listener;
        this.connections = connections;
    }

    /**
     * Binds the address and starts to accept connections.
     *
     * @throws java.io.UncheckedIOException
     *             if the address cannot be bound
     */
    public static HttpListener start(HttpServices services, HostPort address) {
        ConnectionRegistry connections = new ConnectionRegistry("HTTP",
                services.config().connectionLimits(), services.loops());
        return new HttpListener(Listener.start(services.loops(), address, WRITE_MARKS, connections,
                socket -> accept(socket, services)), connections);
    }

    /** The pipeline hands over one part of a request for each read that is asked for. */
    private static void accept(Channel socket, HttpServices services) {
        var _ = socket.config().setAutoRead(false);
        socket.pipeline()
                .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADERS_BYTES, MAX_CHUNK_BYTES))
                .addLast(new FlowControlHandler())
                .addLast(new HttpConnection(services));
    }

    /** Number of open connections. */
    public int connections() {
        return connections.size();
    }

    /** The open connections. */
    public List<ClientConnection> list() {
        return connections.list();
    }

    /** Closes the connection of this name; false if there is none. */
    public boolean close(String name) {
        return connections.find(name).map(Channel::close).isPresent();
    }

    /** Address that the listener is bound to. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Stops accepting and closes every connection. Blocks until done. */
    @Override
    public void close() {
        listener.close();
        connections.close();
    }
}
