package io.taffrail.testkit.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import io.taffrail.testkit.TaffrailBroker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection of RabbitMQ's Java client, with operations that many tests use. */
public final class Rabbit implements AutoCloseable {

    private static final int TIMEOUT_S = 20;

    private final Connection connection;

    private Rabbit(Connection connection) {
        this.connection = connection;
    }

    /** Connects to a broker; any failure is unchecked. */
    public static Rabbit to(TaffrailBroker broker) {
        try {
            return connect(broker.amqpAddress());
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Rabbit connect(InetSocketAddress address) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.getHostString());
        factory.setPort(address.getPort());
        factory.setAutomaticRecoveryEnabled(false);
        return new Rabbit(factory.newConnection());
    }

    public Connection connection() {
        return connection;
    }

    public Channel channel() throws IOException {
        return connection.createChannel();
    }

    /** Opens a channel in confirm mode. */
    public Channel confirming() throws IOException {
        Channel channel = channel();
        channel.confirmSelect();
        return channel;
    }

    /** Publishes persistent messages to the default exchange and waits for all confirms. */
    public static void publish(Channel channel, String queue, String... bodies) throws IOException {
        AMQP.BasicProperties persistent = new AMQP.BasicProperties.Builder().deliveryMode(2)
                .build();
        for (String body : bodies) {
            channel.basicPublish("", queue, persistent, body.getBytes(StandardCharsets.UTF_8));
        }
        confirmed(channel);
    }

    public static void confirmed(Channel channel) throws IOException {
        try {
            channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(TIMEOUT_S));
        } catch (InterruptedException | TimeoutException e) {
            throw new IOException(e);
        }
    }

    /** Gets messages until the queue is empty. */
    public static List<String> drain(Channel channel, String queue) throws IOException {
        List<String> bodies = new ArrayList<>();
        GetResponse got = channel.basicGet(queue, true);
        while (got != null) {
            bodies.add(text(got.getBody()));
            got = channel.basicGet(queue, true);
        }
        return bodies;
    }

    public static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        if (connection.isOpen()) {
            connection.close();
        }
    }

    /** A consumer that keeps its deliveries. */
    public static final class Inbox extends DefaultConsumer {

        private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

        public Inbox(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope,
                AMQP.BasicProperties properties, byte[] body) {
            deliveries.add(new Delivery(envelope, properties, body));
        }

        @Override
        public void handleCancel(String tag) {
            cancelled.add(tag);
        }

        /** Returns the next delivery; fails if none arrives. */
        public Delivery next() throws InterruptedException {
            Delivery next = deliveries.poll(TIMEOUT_S, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no delivery came");
            }
            return next;
        }

        public String nextText() throws InterruptedException {
            return text(next().getBody());
        }

        /** Number of deliveries that were not taken. */
        public int waiting() {
            return deliveries.size();
        }

        public String cancelledTag() throws InterruptedException {
            String tag = cancelled.poll(TIMEOUT_S, TimeUnit.SECONDS);
            if (tag == null) {
                throw new AssertionError("it was not cancelled");
            }
            return tag;
        }
    }
}
