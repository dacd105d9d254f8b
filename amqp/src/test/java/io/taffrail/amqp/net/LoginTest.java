package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.broker.login.Authenticator;
import io.taffrail.broker.login.Credentials;
import io.taffrail.broker.login.Logins;
import io.taffrail.broker.user.Access;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Passwords are checked outside the event loop, and guessing is slowed down. */
class LoginTest {

    private static final int PATIENCE_S = 20;

    private final EventLoops loops = EventLoops.start(1);
    private final ExecutorService hashing = Executors.newSingleThreadExecutor();
    private final CountDownLatch slowHash = new CountDownLatch(1);
    private final CountDownLatch hashBegun = new CountDownLatch(1);
    private final AtomicInteger checks = new AtomicInteger();
    private final Services services = services(AmqpConfig.defaults());
    private final AmqpListener listener = AmqpListener.start(services,
            new HostPort("127.0.0.1", 0));

    private Services services(AmqpConfig config) {
        return new Services(config, new NoQueues(loops.owners().getFirst()).hosts(),
                new Logins(new SlowUsers(), hashing, System::nanoTime), loops, () -> 0,
                "test", new ResourceAlarm(() -> false));
    }

    /** Users; the password check of {@code slow} blocks until the test releases it. */
    private final class SlowUsers implements Authenticator {

        @Override
        public boolean accepts(Credentials credentials, InetAddress from) {
            checks.incrementAndGet();
            if (credentials.user().equals("slow")) {
                hashBegun.countDown();
                try {
                    return slowHash.await(PATIENCE_S, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            if (credentials.user().equals("broken")) {
                throw new AssertionError("thrown by a test");
            }
            return credentials.password().equals("right");
        }

        @Override
        public Optional<Access> access(String user, String host) {
            if (user.equals("rightless")) {
                throw new IllegalStateException("thrown by a test");
            }
            return Optional.of(Access.FULL);
        }
    }

    @AfterEach
    void close() {
        slowHash.countDown();
        listener.close();
        hashing.shutdown();
        loops.close();
    }

    private RawClient client() throws IOException {
        RawClient client = new RawClient(listener.address().getPort());
        client.header();
        client.receive();
        return client;
    }

    @Test
    void slowHashKeepsNobodyFromWorkingAndWhatIsPipelinedBehindItWaits() throws Exception {
        try (RawClient other = client(); RawClient slow = client()) {
            slow.send(0, RawClient.login("PLAIN", "\0slow\0right"),
                    new ConnectionMethod.TuneOk(2047, 131_072, 0),
                    new ConnectionMethod.Open("/", "", false));
            assertThat(hashBegun.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();

            // The loop is not blocked: a new connection completes its handshake,
            // and another gets an answer.
            client().close();
            other.send(0, new ConnectionMethod.Close(200, "bye", 0, 0));
            assertThat(other.receive()).isEqualTo(new ConnectionMethod.CloseOk());

            slowHash.countDown();
            assertThat(slow.receive()).isInstanceOf(ConnectionMethod.Tune.class);
            assertThat(slow.receive()).isInstanceOf(ConnectionMethod.OpenOk.class);
        }
    }

    @Test
    void storeOfCredentialsThatFailsEndsTheConnectionThatAsked() throws Exception {
        try (RawClient client = client(); RawClient other = client()) {
            client.send(0, RawClient.login("PLAIN", "\0broken\0right"));
            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyCode()).isEqualTo(403));
            client.send(0, new ConnectionMethod.CloseOk());
            assertThat(client.rest()).isEmpty();

            other.send(0, RawClient.login("PLAIN", "\0anna\0right"));
            assertThat(other.receive()).isInstanceOf(ConnectionMethod.Tune.class);
        }
    }

    @Test
    void rightsThatCannotBeReadEndTheConnectionThatAsked() throws Exception {
        try (RawClient client = client()) {
            client.send(0, RawClient.login("PLAIN", "\0rightless\0right"),
                    new ConnectionMethod.TuneOk(2047, 131_072, 0),
                    new ConnectionMethod.Open("/", "", false));
            assertThat(client.receive()).isInstanceOf(ConnectionMethod.Tune.class);
            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyCode()).isEqualTo(541));
            client.send(0, new ConnectionMethod.CloseOk());
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void guessesAtOnceAreCheckedOneByOneOnceSomeHaveFailed() throws Exception {
        List<RawClient> guessing = new ArrayList<>();
        for (int count = 0; count < 200; count++) {
            RawClient client = client();
            guessing.add(client);
            client.send(0, RawClient.login("PLAIN", "\0root\0guess" + count));
        }
        assertThat(guessing.getFirst().receive()).isInstanceOf(ConnectionMethod.Close.class);
        for (RawClient client : guessing) {
            client.close();
        }
        com.rabbitmq.client.ConnectionFactory factory = new com.rabbitmq.client.ConnectionFactory();
        factory.setPort(listener.address().getPort());
        factory.setUsername("anna");
        factory.setPassword("right");
        try (Connection anna = factory.newConnection()) {
            assertThat(anna.isOpen()).isTrue();
        }

        assertThat(checks).hasValueLessThan(20);
    }

    @Test
    void frameBeforeTheLoginIsSmall() throws Exception {
        try (RawClient client = client()) {
            client.bytes(1, 0, 0, 0, 0, 0x20, 0);

            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyText()).contains(
                            "frame_too_large,8192," + (Frame.INITIAL_MAX_BYTES - 8)));
        }
    }

    @Test
    void connectionsThatEndBeforeTheirLoginShareALogLineForEachCause() throws Exception {
        for (int count = 0; count < 3; count++) {
            try (RawClient client = new RawClient(listener.address().getPort())) {
                client.bytes('G', 'E', 'T', ' ', '/', ' ', 'H', 'T');
                assertThat(client.rest()).startsWith('A', 'M', 'Q', 'P');
            }
            try (RawClient client = client()) {
                client.send(0, new ConnectionMethod.TuneOk(2047, 131_072, 0));
                assertThat(client.receive()).isInstanceOf(ConnectionMethod.Close.class);
            }
        }

        assertThat(services.lines().total(AmqpConnection.NO_HEADER)).isEqualTo(3);
        assertThat(services.lines().total(AmqpConnection.NO_LOGIN)).isEqualTo(3);
    }

    @Test
    void connectionsThatTimeOutShareALogLine() throws Exception {
        Services impatient = services(Settings
                .with(Map.of("handshakeTimeoutMs", 100L)).apply(AmqpConfig.defaults()));
        try (AmqpListener other = AmqpListener.start(impatient, new HostPort("127.0.0.1", 0))) {
            for (int count = 0; count < 3; count++) {
                try (RawClient client = new RawClient(other.address().getPort())) {
                    assertThat(client.rest()).isEmpty();
                }
            }

            assertThat(impatient.lines().total(AmqpConnection.TIMED_OUT)).isEqualTo(3);
        }
    }
}
