package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.AmqpHead;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.login.PasswordChecks;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.net.EventLoops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A slow disk stops publishers before unforced messages take much memory. */
class UnforcedTest {

    private static final String QUEUE = "q";
    private static final int BODY_BYTES = 16_000;
    private static final int MESSAGES_AT_ONCE = 16;
    private static final long LIMIT_BYTES = 1 << 20;
    private static final long MOST_BYTES = 64 << 20;
    /** Refused writes in a row, each with turns of the loop, after which nothing is read. */
    private static final int REFUSALS = 2000;
    private static final int PATIENCE_S = 20;

    private final EventLoops loops = EventLoops.start(1);
    private final MemoryLogEngine engine = new MemoryLogEngine(Clock.systemUTC());
    private final Broker broker = Broker.open(engine, BrokerConfig.defaults(), loops.owners(),
            Clock.systemUTC());
    private final PasswordChecks checks = PasswordChecks.start(broker.users(),
            AmqpConfig.defaults().users(), System::nanoTime);
    private final AmqpHead head = AmqpHead.start(broker,
            Settings.with(Map.of("maxUnforcedBytes", LIMIT_BYTES)).apply(AmqpConfig.defaults()
                    .withListener(new HostPort("127.0.0.1", 0))),
            loops, checks.logins()).orElseThrow();

    @AfterEach
    void close() {
        head.close();
        checks.close();
        broker.close();
        loops.close();
    }

    private static ByteBuffer messages() {
        ByteBuf out = Unpooled.buffer();
        for (int index = 0; index < MESSAGES_AT_ONCE; index++) {
            RawFrames.message(out, new BasicMethod.Publish("", QUEUE, false, false), BODY_BYTES);
        }
        return out.nioBuffer();
    }

    /**
     * Sends until the limit is exceeded and the broker reads no more, although its event loop runs.
     *
     * @return bytes sent, at most about {@link #MOST_BYTES}
     */
    private long sendUntilRefused(SocketChannel socket, ByteBuffer messages) throws Exception {
        long sentBytes = 0;
        int refused = 0;
        while (sentBytes < MOST_BYTES
                && (refused < REFUSALS || engine.unforcedBytes() <= LIMIT_BYTES)) {
            int written = socket.write(messages);
            sentBytes += written;
            if (!messages.hasRemaining()) {
                messages.rewind();
            }
            refused = written == 0 ? refused + 1 : 0;
            if (written == 0) {
                awaitLoop();
            }
        }
        return sentBytes;
    }

    /** Waits until the event loop has looked at its sockets at least once. */
    private void awaitLoop() throws InterruptedException {
        for (int turn = 0; turn < 2; turn++) {
            CountDownLatch run = new CountDownLatch(1);
            loops.owners().getFirst().execute(run::countDown);
            assertThat(run.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        }
    }

    private long count() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(head.address().getPort());
        factory.setAutomaticRecoveryEnabled(false);
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            return channel.queueDeclare(QUEUE, true, false, false, null).getMessageCount();
        }
    }

    @Test
    void publisherWaitsWhileTooMuchIsUnforced() throws Exception {
        assertThat(count()).isZero();
        engine.holdDurability();
        ByteBuffer messages = messages();
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), head.address().getPort()))) {
            ByteBuffer session = RawFrames.opening().nioBuffer();
            while (session.hasRemaining()) {
                assertThat(socket.write(session)).isPositive();
            }
            socket.configureBlocking(false);

            assertThat(sendUntilRefused(socket, messages)).isLessThan(MOST_BYTES);
            assertThat(engine.unforcedBytes()).isBetween(LIMIT_BYTES, 8 * LIMIT_BYTES);

            engine.releaseDurability();
            socket.configureBlocking(true);
            while (messages.hasRemaining()) {
                assertThat(socket.write(messages)).isPositive();
            }
        }
        assertThat(count()).isPositive();
    }
}
