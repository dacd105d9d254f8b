package io.taffrail.bench.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Checks that an AMQP 0-9-1 port responds to the first step of the handshake. */
final class AmqpProbe {
    private static final long PAUSE_NS = 20_000_000;
    private static final byte[] HEADER = "AMQP\0\0\11\1".getBytes(StandardCharsets.US_ASCII);
    private static final int METHOD_FRAME = 1;

    private AmqpProbe() {}

    /** Waits until the broker answers the protocol header with {@code connection.start}. */
    static void awaitStart(Broker broker, Duration limit) throws IOException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!starts(broker.port(), limit)) {
            broker.requireAlive();
            if (System.nanoTime() > deadlineNs) {
                throw new IOException(broker.peer()
                        + " sent no connection.start in time; end of its log:\n"
                        + broker.logTail());
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private static boolean starts(int port, Duration limit) {
        try (var socket = new Socket()) {
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.getOutputStream().write(HEADER);
            return socket.getInputStream().read() == METHOD_FRAME;
        } catch (IOException notYet) {
            return false;
        }
    }
}
