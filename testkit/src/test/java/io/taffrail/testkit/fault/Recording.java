package io.taffrail.testkit.fault;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The bytes that RabbitMQ's Java client sends while a test uses it, recorded by a proxy. */
final class Recording implements AutoCloseable {

    private final ServerSocket listening;
    private final Socket client;
    private final Socket broker;
    private final Connection connection;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    private Recording(InetSocketAddress address) throws Exception {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        broker = new Socket(address.getAddress(), address.getPort());
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(listening.getInetAddress().getHostAddress());
        factory.setPort(listening.getLocalPort());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setRequestedHeartbeat(0);
        var accepted = new java.util.concurrent.FutureTask<>(this::accept);
        Thread.startVirtualThread(accepted);
        connection = factory.newConnection();
        client = accepted.get();
    }

    static Recording of(InetSocketAddress address) throws Exception {
        return new Recording(address);
    }

    private Socket accept() throws IOException {
        Socket socket = listening.accept();
        Thread.startVirtualThread(() -> copy(socket, broker, true));
        Thread.startVirtualThread(() -> copy(broker, socket, false));
        return socket;
    }

    private void copy(Socket from, Socket to, boolean record) {
        byte[] buffer = new byte[64 << 10];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (record) {
                    synchronized (sent) {
                        sent.write(buffer, 0, count);
                    }
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException closed) {
            // One end is closed, so the other is closed too.
        }
    }

    Connection connection() {
        return connection;
    }

    /** Returns the bytes sent since the last call; no request may be in flight. */
    byte[] take() {
        synchronized (sent) {
            byte[] bytes = sent.toByteArray();
            sent.reset();
            return bytes;
        }
    }

    @Override
    public void close() {
        try (listening; client; broker) {
            connection.abort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
