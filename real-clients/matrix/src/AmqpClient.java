import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Typical work of an application with RabbitMQ's Java client. Compiled against 5.9. Returns the
 * failure, or nothing.
 */
public final class AmqpClient implements UnaryOperator<String> {

    private static final int MESSAGES = 200;
    private static final int CONFIRM_LIMIT_MS = 30_000;

    private final String name = "java-" + System.nanoTime();

    @Override
    public String apply(String address) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.substring(0, address.lastIndexOf(':')));
        factory.setPort(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        try (Connection connection = factory.newConnection(name)) {
            queue(connection, name + "-classic", Collections.emptyMap());
            queue(connection, name + "-quorum",
                    Collections.singletonMap("x-queue-type", "quorum"));
            unroutable(connection);
            transaction(connection);
            closedChannel(connection);
            return "";
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Confirmed publishes come back in order, with their properties. */
    private void queue(Connection connection, String queue, Map<String, Object> arguments)
            throws Exception {
        Channel channel = connection.createChannel();
        channel.exchangeDeclare(queue, "topic", true);
        channel.queueDeclare(queue, true, false, false, arguments);
        channel.queueBind(queue, queue, "a.#");
        channel.confirmSelect();
        for (int i = 0; i < MESSAGES; i++) {
            channel.basicPublish(queue, "a.b", new AMQP.BasicProperties.Builder().deliveryMode(2)
                    .messageId("" + i).headers(Collections.singletonMap("n", i)).build(),
                    bytes("" + i));
        }
        channel.waitForConfirmsOrDie(CONFIRM_LIMIT_MS);
        expect(MESSAGES, channel.queueDeclarePassive(queue).getMessageCount(), "messages");
        List<String> bodies = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(MESSAGES);
        channel.basicQos(50);
        channel.basicConsume(queue, false, "", false, false, null, (tag, delivery) -> {
            bodies.add(new String(delivery.getBody(), StandardCharsets.UTF_8) + "/"
                    + delivery.getProperties().getHeaders().get("n"));
            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            all.countDown();
        }, tag -> { });
        expect(true, all.await(CONFIRM_LIMIT_MS, TimeUnit.MILLISECONDS), "deliveries in time");
        for (int i = 0; i < MESSAGES; i++) {
            expect(i + "/" + i, bodies.get(i), "delivery");
        }
        channel.queueDelete(queue);
        channel.exchangeDelete(queue);
        channel.close();
    }

    private void unroutable(Connection connection) throws Exception {
        Channel channel = connection.createChannel();
        CountDownLatch returned = new CountDownLatch(1);
        channel.addReturnListener(message -> returned.countDown());
        channel.basicPublish("", name + "-none", true, MessageProperties.BASIC, bytes("x"));
        expect(true, returned.await(CONFIRM_LIMIT_MS, TimeUnit.MILLISECONDS), "returned in time");
        channel.close();
    }

    private void transaction(Connection connection) throws Exception {
        Channel channel = connection.createChannel();
        String queue = channel.queueDeclare().getQueue();
        channel.txSelect();
        channel.basicPublish("", queue, MessageProperties.BASIC, bytes("gone"));
        channel.txRollback();
        channel.basicPublish("", queue, MessageProperties.BASIC, bytes("kept"));
        channel.txCommit();
        GetResponse got = channel.basicGet(queue, true);
        expect("kept", new String(got.getBody(), StandardCharsets.UTF_8), "committed");
        expect(null, channel.basicGet(queue, true), "rolled back");
        channel.close();
    }

    private void closedChannel(Connection connection) throws Exception {
        Channel channel = connection.createChannel();
        try {
            channel.queueDeclarePassive(name + "-none");
            throw new IllegalStateException("a queue that is not there");
        } catch (java.io.IOException e) {
            expect(true, e.getCause().getMessage().contains("404"), "reason " + e.getCause());
        }
        expect(true, connection.isOpen(), "connection stays open");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void expect(Object expected, Object seen, String what) {
        if (expected == null ? seen != null : !expected.toString().equals(String.valueOf(seen))) {
            throw new IllegalStateException(what + ": expected " + expected + ", got " + seen);
        }
    }
}
