package io.taffrail.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.netty.buffer.PooledByteBufAllocator;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that read nothing cost the broker a bounded amount of memory and do not affect others.
 */
class DeafClientsIT {

    private static final int BACKLOG = 1_000;
    private static final int LARGE_BYTES = 100_000;
    private static final int CHUNK = 1_000;
    /**
     * A client counts as blocked if the broker takes nothing from it for this many
     * rounds of the witness.
     */
    private static final int ROUNDS = 20;
    private static final long MOST_SENT_BYTES = 512L << 20;
    private static final long MOST_HELD_BYTES = 64 << 20;

    private final TaffrailBroker broker = TaffrailBroker.start();

    @AfterEach
    void close() {
        broker.close();
    }

    private static long heldBytes() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    private static byte[] repeated(byte[] bytes, int times) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length * times);
        for (int count = 0; count < times; count++) {
            all.put(bytes);
        }
        return all.array();
    }

    @Test
    void publisherThatNeverReadsItsConfirmsIsReadNoMore() throws Exception {
        byte[] opening;
        byte[] publish;
        try (Recording recording = Recording.of(broker.amqpAddress())) {
            Channel channel = recording.connection().createChannel();
            // The queue refuses every message, so each message has its own nack.
            channel.queueDeclare("full", true, false, false,
                    Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
            channel.confirmSelect();
            opening = recording.take();
            channel.basicPublish("", "full", MessageProperties.MINIMAL_BASIC, new byte[1]);
            assertThat(channel.waitForConfirms()).isFalse();
            publish = recording.take();
        }
        ByteBuffer chunk = ByteBuffer.wrap(repeated(publish, CHUNK));
        long before = heldBytes();
        try (Witness witness = new Witness(broker.amqpAddress());
                SocketChannel deaf = SocketChannel.open(broker.amqpAddress())) {
            ByteBuffer first = ByteBuffer.wrap(opening);
            while (first.hasRemaining()) {
                assertThat(deaf.write(first)).isPositive();
            }
            deaf.configureBlocking(false);
            long sentBytes = 0;
            for (int refused = 0; refused < ROUNDS;) {
                int written = deaf.write(chunk);
                sentBytes += written;
                if (!chunk.hasRemaining()) {
                    chunk.rewind();
                }
                refused = written == 0 ? refused + 1 : 0;
                if (written == 0) {
                    witness.works();
                }
                assertThat(sentBytes).as("read without an end").isLessThan(MOST_SENT_BYTES);
            }
            assertThat(heldBytes() - before).isLessThan(MOST_HELD_BYTES);
            witness.works();
            witness.findsEverything();
        }
    }

    @Test
    void consumerThatNeitherReadsNorSettlesGetsLittle() throws Exception {
        byte[] session;
        try (Rabbit rabbit = Rabbit.connect(broker.amqpAddress())) {
            rabbit.channel().queueDeclare("q", true, false, false, null);
        }
        try (Recording recording = Recording.of(broker.amqpAddress())) {
            Channel channel = recording.connection().createChannel();
            channel.basicConsume("q", false, new DefaultConsumer(channel));
            session = recording.take();
        }
        try (Witness witness = new Witness(broker.amqpAddress());
                Rabbit rabbit = Rabbit.connect(broker.amqpAddress())) {
            Channel channel = rabbit.confirming();
            for (int index = 0; index < BACKLOG; index++) {
                channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC,
                        new byte[LARGE_BYTES]);
            }
            Rabbit.confirmed(channel);
            long before = heldBytes();
            try (SocketChannel deaf = SocketChannel.open(broker.amqpAddress())) {
                ByteBuffer opening = ByteBuffer.wrap(session);
                while (opening.hasRemaining()) {
                    assertThat(deaf.write(opening)).isPositive();
                }
                while (channel.messageCount("q") == BACKLOG) {
                    witness.works();
                }
                for (int round = 0; round < ROUNDS; round++) {
                    witness.works();
                }
                assertThat(channel.messageCount("q")).as("what it was not given")
                        .isGreaterThan(BACKLOG / 2);
                assertThat(heldBytes() - before).isLessThan(MOST_HELD_BYTES);
            }
            witness.findsEverything();
            everythingCameBack(channel);
        }
    }

    /**
     * Requires that all messages are back in order, and that delivered ones are
     * marked as redelivered.
     */
    private static void everythingCameBack(Channel channel) throws IOException {
        while (channel.messageCount("q") < BACKLOG) {
            Thread.onSpinWait();
        }
        boolean redelivered = true;
        for (int index = 0; index < BACKLOG; index++) {
            GetResponse got = channel.basicGet("q", true);
            assertThat(got.getBody()).hasSize(LARGE_BYTES);
            assertThat(got.getEnvelope().isRedeliver()).as("message %d", index)
                    .isIn(redelivered, false);
            redelivered = got.getEnvelope().isRedeliver();
        }
        assertThat(redelivered).isFalse();
    }
}
