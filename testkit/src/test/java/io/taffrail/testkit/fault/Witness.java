package io.taffrail.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.testkit.amqp.Rabbit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/** A well-behaved client beside misbehaving ones. Not thread-safe. */
final class Witness implements AutoCloseable {

    private static final String QUEUE = "witness";

    private final Rabbit rabbit;
    private final Channel channel;
    private final Deque<String> stored = new ArrayDeque<>();
    private int next;

    Witness(InetSocketAddress address) throws Exception {
        rabbit = Rabbit.connect(address);
        channel = rabbit.confirming();
        channel.queueDeclare(QUEUE, true, false, false, null);
    }

    /** Publishes two messages, gets one and acknowledges it. */
    void works() throws IOException {
        for (int count = 0; count < 2; count++) {
            String body = Integer.toString(next++);
            Rabbit.publish(channel, QUEUE, body);
            stored.add(body);
        }
        GetResponse got = channel.basicGet(QUEUE, false);
        assertThat(Rabbit.text(got.getBody())).isEqualTo(stored.removeFirst());
        assertThat(got.getEnvelope().isRedeliver()).isFalse();
        channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
    }

    /** Takes all messages and requires that none was lost or added. */
    void findsEverything() throws IOException {
        assertThat(Rabbit.drain(channel, QUEUE)).containsExactlyElementsOf(stored);
        stored.clear();
    }

    /** True if the queue is exclusive to another connection. */
    boolean isLocked(String queue) {
        try {
            Channel asking = rabbit.channel();
            asking.queueDeclarePassive(queue);
            asking.abort();
            return false;
        } catch (IOException refused) {
            return refused.getCause() instanceof ShutdownSignalException closed
                    && closed.getReason() instanceof AMQP.Channel.Close close
                    && close.getReplyCode() == AMQP.RESOURCE_LOCKED;
        }
    }

    @Override
    public void close() throws IOException {
        rabbit.close();
    }
}
