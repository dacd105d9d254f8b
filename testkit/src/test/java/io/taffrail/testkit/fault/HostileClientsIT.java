package io.taffrail.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.MessageProperties;
import io.netty.buffer.PooledByteBufAllocator;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that violate the protocol or vanish at any moment affect only their own connections.
 * {@code -Dtaffrail.hostile=20} runs 20 times as many, {@code -Dtaffrail.seed=} another seed.
 */
class HostileClientsIT {

    private static final int TIMES = Integer.getInteger("taffrail.hostile", 1);
    private static final int MALFORMED = 1_500 * TIMES;
    private static final int DROPPED = 5_000 * TIMES;
    private static final int AT_ONCE = 100;
    private static final int MAX_CONNECTIONS = 150;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Bytes that the thread-local pools of Netty may keep. */
    private static final long POOLED_BYTES = 8 << 20;

    private static final Pattern SERVER_NAMED = Pattern.compile("amq\\.gen-[\\w-]{22}");

    private final long seed = Long.getLong("taffrail.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final TaffrailBroker broker = TaffrailBroker.builder()
            .set("amqp.max.connections", Integer.toString(MAX_CONNECTIONS)).start();

    @AfterEach
    void close() {
        broker.close();
    }

    /** Records a session that uses many features. */
    private Frames recorded() throws Exception {
        try (Recording recording = Recording.of(broker.amqpAddress())) {
            Channel channel = recording.connection().createChannel();
            channel.queueDeclare();
            channel.queueBind("", "amq.topic", "a.#", Map.of("x", List.of(1, "two", 3.0)));
            channel.exchangeDeclare("fuzz-exchange", "headers", true, true, Map.of());
            channel.queueDeclare("fuzz", true, false, false, Map.of("x-max-length", 100));
            channel.queueBind("fuzz", "fuzz-exchange", "",
                    Map.of("x-match", "any", "kind", "of", "number", 7));
            channel.basicQos(10);
            channel.basicPublish("amq.topic", "a.b", true, MessageProperties.BASIC, new byte[10]);
            AMQP.BasicProperties full = MessageProperties.MINIMAL_PERSISTENT_BASIC.builder()
                    .headers(Map.of("kind", "of", "list", List.of(true, 5L), "CC", List.of("fuzz")))
                    .priority(3).expiration("60000").messageId("m").replyTo("").build();
            channel.basicPublish("fuzz-exchange", "k", full, new byte[2000]);
            channel.basicPublish("", "fuzz", full, "body".getBytes(StandardCharsets.US_ASCII));
            channel.basicGet("fuzz", false);
            channel.basicNack(1, false, true);
            channel.basicConsume("", true, new DefaultConsumer(channel));
            channel.basicConsume("fuzz", false, "tag", new DefaultConsumer(channel));
            channel.basicRecover(true);
            channel.basicCancel("tag");
            Channel confirming = recording.connection().createChannel();
            confirming.confirmSelect();
            Rabbit.publish(confirming, "fuzz", "1", "2", "3");
            Channel transacted = recording.connection().createChannel();
            transacted.txSelect();
            transacted.basicPublish("", "fuzz", null, new byte[100]);
            transacted.txCommit();
            transacted.basicPublish("", "fuzz", null, new byte[100]);
            transacted.txRollback();
            channel.queuePurge("fuzz");
            channel.queueUnbind("fuzz", "fuzz-exchange", "",
                    Map.of("x-match", "any", "kind", "of", "number", 7));
            channel.exchangeDelete("fuzz-exchange");
            channel.queueDelete("fuzz");
            transacted.close();
            recording.connection().close();
            return new Frames(recording.take());
        }
    }

    @Test
    void malformedSessionsEndAndDisturbNobody() throws Exception {
        Frames frames = recorded();
        Set<String> queues = new TreeSet<>(Set.of("fuzz"));
        long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        try (Witness witness = new Witness(broker.amqpAddress())) {
            for (int index = 0; index < MALFORMED; index++) {
                byte[] bytes = random.nextInt(8) == 0
                        ? frames.noise(random)
                        : frames.mutated(random);
                try (Socket socket = connect()) {
                    send(socket, bytes, bytes.length);
                    Matcher named = SERVER_NAMED.matcher(untilEnded(socket, index));
                    while (named.find()) {
                        queues.add(named.group());
                    }
                }
                if (index % 100 == 0) {
                    witness.works();
                }
            }
            witness.works();
            witness.findsEverything();
            // A mutation may declare a queue that is not exclusive, and that queue stays.
            await("exclusive queues are left", () -> queues.stream().noneMatch(witness::isLocked));
            nothingIsLeft(before);
        }
    }

    @Test
    void connectionsThatVanishLeaveNothingBehind() throws Exception {
        Frames frames = recorded();
        long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        try (Witness witness = new Witness(broker.amqpAddress())) {
            for (int opened = 0; opened < DROPPED; opened += AT_ONCE) {
                List<Socket> sockets = new ArrayList<>();
                for (int index = 0; index < AT_ONCE; index++) {
                    Socket socket = connect();
                    socket.setSoLinger(random.nextBoolean(), 0);
                    send(socket, frames.session(), random.nextInt(frames.session().length));
                    sockets.add(socket);
                }
                for (Socket socket : sockets) {
                    socket.close();
                }
                // These exceed the connection limit if any earlier connection still counts.
                assertThat(broker.amqpAddress()).satisfies(_ -> witness.works());
            }
            witness.findsEverything();
            Path transientLogs = broker.dataDir().orElseThrow().resolve("transient");
            await("exclusive queues are left", () -> isEmpty(transientLogs));
            nothingIsLeft(before);
        }
    }

    /** Requires that every connection and buffer is released. */
    private void nothingIsLeft(long pinnedBefore) throws Exception {
        List<Rabbit> all = new ArrayList<>();
        try {
            // The witness has one connection more.
            for (int count = 1; count < MAX_CONNECTIONS; count++) {
                all.add(eventually());
            }
        } finally {
            for (Rabbit rabbit : all) {
                rabbit.close();
            }
        }
        await("buffers are left", () -> PooledByteBufAllocator.DEFAULT
                .pinnedDirectMemory() < pinnedBefore + POOLED_BYTES);
    }

    private Rabbit eventually() throws Exception {
        List<Rabbit> connected = new ArrayList<>();
        await("a connection is refused", () -> {
            try {
                return connected.add(Rabbit.connect(broker.amqpAddress()));
            } catch (IOException refused) {
                return false;
            } catch (java.util.concurrent.TimeoutException e) {
                throw new AssertionError(e);
            }
        });
        return connected.getFirst();
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void await(String failure, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("seed %d: %s", seed, failure).isNegative();
            Thread.onSpinWait();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(broker.amqpAddress().getAddress(),
                broker.amqpAddress().getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static void send(Socket socket, byte[] bytes, int count) {
        try {
            socket.getOutputStream().write(bytes, 0, count);
        } catch (IOException closedMeanwhile) {
            // The broker has closed the connection.
        }
    }

    /**
     * Reads until the broker closes its side, which it does once the client has closed its
     * own, cleanly or not.
     */
    private String untilEnded(Socket socket, int index) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            socket.shutdownOutput();
            socket.getInputStream().transferTo(received);
        } catch (SocketTimeoutException hanging) {
            throw new AssertionError("seed " + seed + ", connection " + index, hanging);
        } catch (IOException reset) {
            // The remaining bytes are lost with the reset.
        }
        return received.toString(StandardCharsets.ISO_8859_1);
    }
}
