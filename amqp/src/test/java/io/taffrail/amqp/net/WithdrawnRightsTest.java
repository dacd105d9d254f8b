package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.broker.user.Permissions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deleting a user or withdrawing permissions also affects the user's open connections. */
class WithdrawnRightsTest {

    private static final int PATIENCE_S = 20;

    @RegisterExtension
    final LiveHead head = new LiveHead();

    private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();

    @BeforeEach
    void addMaria() {
        head.broker().users().add("maria", "maria").join();
        grant(".*");
    }

    private void grant(String read) {
        head.broker().users().setPermissions("maria", "/", Permissions.of(".*", ".*", read))
                .join();
    }

    private Channel consuming(Connection connection, String queue) throws Exception {
        Channel channel = connection.createChannel();
        channel.queueDeclare(queue, true, false, false, null);
        channel.basicConsume(queue, false, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope,
                    AMQP.BasicProperties properties, byte[] body) {
                delivered.add(queue + ":" + body.length);
            }
        });
        return channel;
    }

    private static CompletableFuture<ShutdownSignalException> ended(
            com.rabbitmq.client.ShutdownNotifier notifier) {
        CompletableFuture<ShutdownSignalException> told = new CompletableFuture<>();
        notifier.addShutdownListener(told::complete);
        return told;
    }

    private static void publish(Channel channel, String queue, int bytes) throws Exception {
        channel.basicPublish("", queue, null, new byte[bytes]);
        channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
    }

    private Channel guest() throws Exception {
        Channel channel = head.connect("guest").createChannel();
        channel.confirmSelect();
        return channel;
    }

    @Test
    void deletedUserIsCutOffBeforeTheDeletionIsReported() throws Exception {
        Connection maria = head.connect("maria");
        consuming(maria, "secret");
        CompletableFuture<ShutdownSignalException> told = ended(maria);
        Channel guest = guest();
        publish(guest, "secret", 1);
        assertThat(delivered.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("secret:1");

        head.broker().users().delete("maria").join();
        head.broker().users().add("maria", "maria").join();
        grant(".*");
        publish(guest, "secret", 2);

        assertThat(told.get(PATIENCE_S, TimeUnit.SECONDS))
                .hasMessageContaining("CONNECTION_FORCED - user 'maria' is deleted");
        assertThat(delivered).isEmpty();
        // Its unsettled message was requeued at its original position.
        GetResponse first = guest.basicGet("secret", true);
        assertThat(first.getBody()).hasSize(1);
        assertThat(first.getEnvelope().isRedeliver()).isTrue();
        assertThat(guest.basicGet("secret", true).getBody()).hasSize(2);
    }

    @Test
    void consumersOfWhatMayBeReadNoMoreEndAndOthersGoOn() throws Exception {
        try (Connection maria = head.connect("maria")) {
            CompletableFuture<ShutdownSignalException> told = ended(consuming(maria, "secret"));
            Channel open = consuming(maria, "open");

            grant("^open$");

            assertThat(told.get(PATIENCE_S, TimeUnit.SECONDS)).hasMessageContaining(
                    "ACCESS_REFUSED - read access to queue 'secret' in vhost '/' refused for user"
                            + " 'maria'");
            Channel guest = guest();
            publish(guest, "secret", 1);
            publish(guest, "open", 2);
            assertThat(delivered.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("open:2");
            assertThat(open.isOpen()).isTrue();
            assertThat(delivered).isEmpty();
        }
    }

    @Test
    void userWithoutAnyPermissionLosesItsConnectionToThatVirtualHost() throws Exception {
        Connection maria = head.connect("maria");
        CompletableFuture<ShutdownSignalException> told = ended(maria);

        head.broker().users().clearPermissions("maria", "/").join();

        assertThat(told.get(PATIENCE_S, TimeUnit.SECONDS)).hasMessageContaining(
                "NOT_ALLOWED - access to vhost '/' refused for user 'maria'");
        assertThatThrownBy(() -> head.connect("maria")).rootCause()
                .hasMessageContaining("access to vhost '/' refused for user 'maria'");
    }

    @Test
    void deletedVirtualHostLosesItsConnections() throws Exception {
        head.broker().virtualHosts().create("orders").join();
        head.broker().users().setPermissions("maria", "orders", Permissions.of("", "", "")).join();
        com.rabbitmq.client.ConnectionFactory factory = head.clients();
        factory.setUsername("maria");
        factory.setPassword("maria");
        factory.setVirtualHost("orders");
        CompletableFuture<ShutdownSignalException> told = ended(factory.newConnection());

        head.broker().virtualHosts().delete("orders").join();

        assertThat(told.get(PATIENCE_S, TimeUnit.SECONDS))
                .hasMessageContaining("CONNECTION_FORCED - vhost 'orders' is deleted");
    }

    @Test
    void storedUserOfAConfiguredNameTakesItsRightsAwayAtOnce() throws Exception {
        Connection guest = head.connect("guest");
        CompletableFuture<ShutdownSignalException> told = ended(guest);

        head.broker().users().add("guest", "other").join();

        assertThat(told.get(PATIENCE_S, TimeUnit.SECONDS)).hasMessageContaining(
                "NOT_ALLOWED - access to vhost '/' refused for user 'guest'");
    }
}
