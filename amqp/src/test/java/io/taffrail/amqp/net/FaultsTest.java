package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.netty.channel.WriteBufferWaterMark;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.login.ConfiguredUsers;
import io.taffrail.broker.login.KnownUsers;
import io.taffrail.broker.user.Permissions;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.net.ConnectionRegistry;
import io.taffrail.net.EventLoops;
import io.taffrail.net.Listener;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A callback that throws ends its own connection only: other clients are served, and messages that
 * the connection held or was about to receive are not lost.
 */
class FaultsTest {

    private static final int PATIENCE_S = 30;
    private static final int MESSAGES = 50;

    private final EventLoops loops = EventLoops.start(1);
    private final Broker broker = Broker.open(new MemoryLogEngine(Clock.systemUTC()),
            BrokerConfig.defaults(), loops.owners(), Clock.systemUTC());
    private final Services services = new Services(AmqpConfig.defaults(), broker.virtualHosts(),
            new KnownUsers(broker.users(), ConfiguredUsers.parse("guest:guest")), loops, () -> 0,
            "test");
    private final ConnectionRegistry connections = new ConnectionRegistry("AMQP",
            services.config().connectionLimits(), loops);
    private final Withdrawal withdrawal = new Withdrawal(connections);
    private final FaultyOutput faults = new FaultyOutput();
    /** True if the next connection gets faulty output. */
    private volatile boolean nextIsFaulty;
    private final Listener listener = Listener.start(loops, new HostPort("127.0.0.1", 0),
            WriteBufferWaterMark.DEFAULT, connections, socket -> {
                if (nextIsFaulty) {
                    socket.config().setAllocator(faults);
                }
                AmqpListener.accept(socket, services);
            });
    private Connection other;
    private Channel bystander;

    @BeforeEach
    void open() throws Exception {
        var _ = broker.users().onChange(withdrawal);
        other = connect("guest");
        bystander = other.createChannel();
        bystander.confirmSelect();
        bystander.queueDeclare("shared", true, false, false, null);
    }

    @AfterEach
    void close() throws IOException {
        other.close();
        listener.close();
        connections.close();
        broker.close();
        loops.close();
    }

    private Connection connect(String user) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(listener.address().getPort());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setUsername(user);
        factory.setPassword(user);
        factory.setRequestedHeartbeat(2);
        return factory.newConnection();
    }

    /** Makes the broker run a callback of the victim. */
    private interface Cause {
        void of(FaultsTest test, Connection victim) throws Exception;
    }

    private static void consume(Channel channel, String queue) throws IOException {
        channel.basicConsume(queue, false, (_, _) -> {}, (CancelCallback) _ -> {});
    }

    private static final Map<String, Cause> CALLBACKS = Map.ofEntries(
            Map.entry("Confirms#confirmed", (_, victim) -> {
                Channel channel = victim.createChannel();
                channel.confirmSelect();
                channel.basicPublish("", "nobody", null, new byte[1]);
            }),
            Map.entry("Confirms#rejected", (test, victim) -> {
                test.bystander.queueDeclare("full", false, true, false,
                        Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
                Channel channel = victim.createChannel();
                channel.confirmSelect();
                channel.basicPublish("", "full", null, new byte[1]);
            }),
            Map.entry("ChannelConsumer#deliver", (test, victim) -> {
                consume(victim.createChannel(), "shared");
                test.publish(1);
            }),
            Map.entry("Consuming#received",
                    (_, victim) -> {
                        Channel channel = victim.createChannel();
                        channel.basicPublish("", "shared", null, new byte[0]);
                        channel.basicGet("shared", false);
                    }),
            Map.entry("Consuming#ended", (test, victim) -> {
                test.bystander.queueDeclare("passing", false, false, false, null);
                consume(victim.createChannel(), "passing");
                test.bystander.queueDelete("passing");
            }),
            Map.entry("ChannelLink#answer",
                    (_, victim) -> victim.createChannel().queueDeclare()),
            Map.entry("Publishing#giveBack", (_, victim) -> victim.createChannel()
                    .basicPublish("", "nobody", true, null, new byte[1])),
            Map.entry("DirectReplies#deliver", (test, victim) -> {
                Channel channel = victim.createChannel();
                channel.basicConsume("amq.rabbitmq.reply-to", true, (_, _) -> {}, _ -> {});
                channel.basicPublish("", "shared", new AMQP.BasicProperties.Builder()
                        .replyTo("amq.rabbitmq.reply-to").build(), new byte[1]);
                String replyTo = test.next().getProps().getReplyTo();
                test.bystander.basicPublish("", replyTo, null, new byte[1]);
            }),
            Map.entry("Heartbeats#tick", (_, _) -> {}),
            Map.entry("AmqpConnection#userDeleted", (test, _) -> {
                var _ = test.broker.users().delete("victim");
            }),
            Map.entry("AmqpChannel#permissionsChanged", (test, victim) -> {
                consume(victim.createChannel(), "shared");
                var _ = test.broker.users().setPermissions("victim", "/",
                        Permissions.of(".*", ".*", ""));
            }),
            Map.entry("AmqpChannel#close", (_, victim) -> {
                Channel channel = victim.createChannel();
                consume(channel, "shared");
                channel.basicAck(99, false);
            }),
            Map.entry("AmqpConnection#leave", (_, victim) -> victim.close()));

    static Stream<Arguments> callbacks() {
        Map<String, Supplier<Throwable>> errors = Map.of(
                "exception", () -> new IllegalStateException("thrown by a test"),
                "error", () -> new AssertionError("thrown by a test"));
        return CALLBACKS.keySet().stream().sorted().flatMap(callback -> errors.entrySet().stream()
                .map(error -> Arguments.argumentSet(callback + ", " + error.getKey(), callback,
                        error.getValue())));
    }

    @ParameterizedTest
    @MethodSource("callbacks")
    void callbackThatThrowsEndsItsConnectionAlone(String callback,
            Supplier<? extends Throwable> error) throws Exception {
        broker.users().add("victim", "victim").join();
        broker.users().setPermissions("victim", "/", Permissions.of(".*", ".*", ".*")).join();
        nextIsFaulty = true;
        Connection victim = connect("victim");
        nextIsFaulty = false;
        CountDownLatch ended = new CountDownLatch(1);
        victim.addShutdownListener(_ -> ended.countDown());
        publish(MESSAGES);

        faults.in(callback, error);
        try {
            Objects.requireNonNull(CALLBACKS.get(callback)).of(this, victim);
        } catch (IOException | com.rabbitmq.client.ShutdownSignalException itHasEnded) {
            assertThat(faults.thrown()).isPositive();
        }

        assertThat(ended.await(PATIENCE_S, TimeUnit.SECONDS)).as("the connection ends").isTrue();
        assertThat(faults.thrown()).isPositive();
        takeAll();
    }

    /** Publishes numbered messages and waits for their confirms. */
    private void publish(int count) throws Exception {
        for (int number = 0; number < count; number++) {
            bystander.basicPublish("", "shared", MessageProperties.MINIMAL_PERSISTENT_BASIC,
                    new byte[]{(byte) number});
        }
        bystander.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
    }

    /**
     * Takes the message behind the numbered ones in the shared queue, and publishes the
     * numbered ones again.
     */
    private com.rabbitmq.client.GetResponse next() throws IOException {
        for (int count = 0; count < MESSAGES; count++) {
            bystander.basicGet("shared", true);
        }
        com.rabbitmq.client.GetResponse last = bystander.basicGet("shared", true);
        for (int number = 0; number < MESSAGES; number++) {
            bystander.basicPublish("", "shared", MessageProperties.MINIMAL_PERSISTENT_BASIC,
                    new byte[]{(byte) number});
        }
        return last;
    }

    /** Checks that a connection opened before the fault receives every numbered message. */
    private void takeAll() throws Exception {
        Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(MESSAGES);
        Channel channel = other.createChannel();
        channel.basicConsume("shared", true, (_, delivery) -> {
            if (delivery.getBody().length == 1 && numbers.add((int) delivery.getBody()[0])) {
                all.countDown();
            }
        }, _ -> {});
        assertThat(all.await(PATIENCE_S, TimeUnit.SECONDS)).as("got %s", numbers).isTrue();
        publish(1);
    }
}
