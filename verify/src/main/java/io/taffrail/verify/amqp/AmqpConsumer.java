package io.taffrail.verify.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.load.LoadThread;
import io.taffrail.verify.load.Pace;
import io.taffrail.verify.load.Payload;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that consumes from a queue and settles messages one at a time. Messages that were
 * delivered and are not settled when it finishes return to the queue.
 */
final class AmqpConsumer extends LoadThread {

    static final int PREFETCH = 100;
    private static final long RETRY_NS = 50_000_000;

    private final AmqpClients clients;
    private final String queue;
    private final String name;
    private final Recorder recorder;
    private final Pace pace;

    AmqpConsumer(AmqpClients clients, String queue, String name, Recorder recorder, Pace pace) {
        super("amqp " + name);
        this.clients = clients;
        this.queue = queue;
        this.name = name;
        this.recorder = recorder;
        this.pace = pace;
    }

    @Override
    protected void run() {
        for (int session = 0; !isFinishing(); session++) {
            try {
                Connection connection = clients.connect();
                try {
                    consume(connection, name + "#" + session);
                } finally {
                    AmqpClients.abort(connection);
                }
            } catch (IOException | TimeoutException | AlreadyClosedException e) {
                // The broker does not respond; try again later.
                LockSupport.parkNanos(RETRY_NS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void consume(Connection connection, String process)
            throws IOException, InterruptedException {
        Channel channel = connection.createChannel();
        channel.basicQos(PREFETCH);
        BlockingQueue<Delivery> held = new LinkedBlockingQueue<>(PREFETCH);
        channel.basicConsume(queue, false, (_, delivery) -> {
            recorder.record(delivered(process, queue, delivery));
            held.add(delivery);
        }, _ -> {});
        while (!isFinishing() && channel.isOpen()) {
            pace.await();
            Delivery next = held.poll(RETRY_NS, TimeUnit.NANOSECONDS);
            if (next != null) {
                settle(channel, process, queue, next, recorder);
            }
        }
    }

    /** Returns the history event of a delivery. */
    static Event delivered(String process, String queue, Delivery delivery) {
        String place = AmqpClients.place(queue);
        long value = Payload.decode(delivery.getBody(), place);
        Event event = Event.of(process, Action.DELIVER, Phase.OK, place).value(value);
        if (value < 0) {
            return event.note(Payload.shown(delivery.getBody()));
        }
        return delivery.getEnvelope().isRedeliver() ? event.note("again") : event;
    }

    static void settle(Channel channel, String process, String queue, Delivery delivery,
            Recorder recorder) throws IOException {
        String place = AmqpClients.place(queue);
        recorder.record(Event.of(process, Action.SETTLE, Phase.INVOKE, place)
                .value(Payload.decode(delivery.getBody(), place)));
        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
    }
}
