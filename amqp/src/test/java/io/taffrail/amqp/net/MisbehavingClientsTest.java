package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConfirmMethod;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.Method;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that violate the protocol end their own connections and no others. */
class MisbehavingClientsTest {

    private static final int MALFORMED = 400;
    private static final int DROPPED = 5_000;
    private static final int AT_ONCE = 200;
    private static final int PATIENCE_S = 30;

    @RegisterExtension
    final HeadFixture head = new HeadFixture();

    /** A well-behaved client sends requests and gets answers. */
    private static void roundTrip(Connection connection) throws Exception {
        Channel channel = connection.createChannel();
        channel.confirmSelect();
        channel.basicPublish("", "nobody", null, new byte[10]);
        channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        channel.close();
    }

    /** Waits until the broker has closed every connection. */
    private void awaitNoConnections() {
        assertThat(head.listener().awaitNoConnections(PATIENCE_S)).isTrue();
    }

    /** Bytes that open a connection and a channel and publish messages. */
    private static byte[] session() {
        ByteBuf out = RawFrames.opening();
        Frame.method(out, 1, new ConfirmMethod.Select(false));
        for (int index = 0; index < 5; index++) {
            message(out, 100);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    /** An unroutable mandatory message, which the broker returns. */
    private static void message(ByteBuf out, int bodyBytes) {
        RawFrames.message(out, new BasicMethod.Publish("", "nobody", true, false), bodyBytes);
    }

    private static byte[] mutated(byte[] session, Random random) {
        byte[] bytes = session.clone();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> System.arraycopy(session, random.nextInt(session.length - 8), bytes,
                        Math.min(at, bytes.length - 8), 8);
            }
        }
        return random.nextInt(4) == 0
                ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length))
                : bytes;
    }

    @Test
    void malformedBytesEndTheirConnectionAndDisturbNobody() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] session = session();
        try (Connection good = head.clients().newConnection()) {
            for (int index = 0; index < MALFORMED; index++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), head.port())) {
                    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_S));
                    send(socket, mutated(session, random));
                    assertThat(isEnded(socket)).as("seed %d, connection %d", seed, index)
                            .isTrue();
                }
                if (index % 50 == 0) {
                    roundTrip(good);
                }
            }
            roundTrip(good);
        }
        awaitNoConnections();
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException closedMeanwhile) {
            // The broker closed the socket while the client was sending.
        }
    }

    /** Waits until the broker closes the socket; true if it does, cleanly or with a reset. */
    private static boolean isEnded(Socket socket) {
        try {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return true;
        } catch (java.net.SocketTimeoutException hanging) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void droppedConnectionsLeaveNothingBehind() throws Exception {
        Random random = new Random(5);
        byte[] session = session();
        try (Connection good = head.clients().newConnection()) {
            for (int opened = 0; opened < DROPPED; opened += AT_ONCE) {
                List<Socket> sockets = new ArrayList<>();
                for (int index = 0; index < AT_ONCE; index++) {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), head.port());
                    socket.setSoLinger(true, 0);
                    socket.getOutputStream().write(session, 0, random.nextInt(session.length));
                    sockets.add(socket);
                }
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            roundTrip(good);
        }
        awaitNoConnections();
    }

    @Test
    void framesAfterCloseAreIgnored() throws IOException {
        try (RawClient client = new RawClient(head.port()).open()) {
            client.send(1, new ChannelMethod.Open(""), new ChannelMethod.Flow(false));
            client.send(1, new ConfirmMethod.Select(false), new ChannelMethod.Open(""));
            client.send(2, new ChannelMethod.Open(""));
            client.bytes(3, 0, 7, 0, 0, 0, 1, 'x', 0xCE);
            Method answer = client.receive();
            while (answer instanceof ChannelMethod.OpenOk) {
                answer = client.receive();
            }
            assertThat(answer).isInstanceOf(ConnectionMethod.Close.class);

            client.send(0, new ConnectionMethod.CloseOk());

            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void publisherThatReadsNothingIsReadNoMoreAndOthersAreServed() throws Exception {
        ByteBuf messages = Unpooled.buffer();
        for (int index = 0; index < 64; index++) {
            message(messages, 16_000);
        }
        ByteBuffer chunk = messages.nioBuffer();
        try (SocketChannel socket = SocketChannel
                .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), head.port()));
                Connection good = head.clients().newConnection()) {
            ByteBuffer opening = ByteBuffer.wrap(session());
            while (opening.hasRemaining()) {
                assertThat(socket.write(opening)).isPositive();
            }
            socket.configureBlocking(false);
            long sentBytes = 0;
            for (int refused = 0; refused < 20;) {
                int written = socket.write(chunk);
                sentBytes += written;
                if (!chunk.hasRemaining()) {
                    chunk.rewind();
                }
                refused = written == 0 ? refused + 1 : 0;
                if (written == 0) {
                    roundTrip(good);
                }
                assertThat(sentBytes).as("read without an end").isLessThan(256 << 20);
            }
            roundTrip(good);
        }
        awaitNoConnections();
    }
}
