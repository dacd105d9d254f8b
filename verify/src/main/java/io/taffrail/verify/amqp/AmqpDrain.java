package io.taffrail.verify.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Consumes the messages that are left in a queue at the end of a run. */
final class AmqpDrain {

    private static final int PREFETCH = 500;
    private static final int NOT_FOUND = 404;
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final String PROCESS = "drain";

    private final AmqpClients clients;
    private final String queue;
    private final Recorder recorder;
    private final LongSupplier nanoClock;

    AmqpDrain(AmqpClients clients, String queue, Recorder recorder, LongSupplier nanoClock) {
        this.clients = clients;
        this.queue = queue;
        this.recorder = recorder;
        this.nanoClock = nanoClock;
    }

    void run(Duration limit) throws InterruptedException {
        long deadlineNs = nanoClock.getAsLong() + limit.toNanos();
        recorder.record(event(Phase.INVOKE));
        String reason = "timed out";
        do {
            try {
                Connection connection = clients.connect();
                try {
                    if (drain(connection, deadlineNs)) {
                        recorder.record(event(Phase.OK));
                        return;
                    }
                } finally {
                    AmqpClients.abort(connection);
                }
            } catch (AlreadyClosedException | IOException | TimeoutException e) {
                if (isMissing(e)) {
                    recorder.record(event(Phase.OK).note("the queue no longer exists"));
                    return;
                }
                reason = e.toString();
                TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
            }
        } while (nanoClock.getAsLong() < deadlineNs);
        recorder.record(event(Phase.FAIL).note(reason));
    }

    private boolean drain(Connection connection, long deadlineNs)
            throws IOException, InterruptedException {
        Channel channel = connection.createChannel();
        channel.queueDeclarePassive(queue);
        channel.basicQos(PREFETCH);
        BlockingQueue<Delivery> held = new LinkedBlockingQueue<>(PREFETCH);
        channel.basicConsume(queue, false, (_, delivery) -> {
            recorder.record(AmqpConsumer.delivered(PROCESS, queue, delivery));
            held.add(delivery);
        }, _ -> {});
        while (nanoClock.getAsLong() < deadlineNs) {
            Delivery next = held.poll(QUIET.toNanos(), TimeUnit.NANOSECONDS);
            if (next != null) {
                AmqpConsumer.settle(channel, PROCESS, queue, next, recorder);
            } else if (channel.queueDeclarePassive(queue).getMessageCount() == 0
                    && held.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMissing(Exception failure) {
        return failure.getCause() instanceof ShutdownSignalException signal
                && signal.getReason() instanceof com.rabbitmq.client.AMQP.Channel.Close close
                && close.getReplyCode() == NOT_FOUND;
    }

    private Event event(Phase phase) {
        return Event.of(PROCESS, Action.DRAIN, phase, AmqpClients.place(queue));
    }
}
