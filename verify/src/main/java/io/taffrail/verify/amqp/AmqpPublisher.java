package io.taffrail.verify.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.history.Value;
import io.taffrail.verify.load.LoadSettings;
import io.taffrail.verify.load.LoadThread;
import io.taffrail.verify.load.Pace;
import io.taffrail.verify.load.Payload;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that publishes persistent messages with publisher confirms. No message is published
 * twice: a message that was not confirmed before its connection broke has an unknown outcome.
 * Each connection counts as a new producer, because the broker may still process data
 * from the previous one.
 */
final class AmqpPublisher extends LoadThread {

    private static final long RETRY_NS = 50_000_000;
    private static final int FLOW_TRIES = 100;

    private final AmqpClients clients;
    private final String queue;
    private final String place;
    private final LoadSettings settings;
    private final Recorder recorder;
    private final AtomicInteger numbers;
    private final Pace pace;
    private volatile Duration patience = Duration.ZERO;

    AmqpPublisher(AmqpClients clients, String queue, LoadSettings settings, Recorder recorder,
            AtomicInteger numbers, Pace pace) {
        super("amqp publisher");
        this.clients = clients;
        this.queue = queue;
        this.place = AmqpClients.place(queue);
        this.settings = settings;
        this.recorder = recorder;
        this.numbers = numbers;
        this.pace = pace;
    }

    /** Stops publishing and waits for outstanding confirms, at most {@code limit}. */
    void finish(Duration limit) {
        patience = limit;
        finish();
    }

    @Override
    protected void run() {
        while (!isFinishing()) {
            try {
                Connection connection = clients.connect();
                try {
                    new Session(connection, numbers.getAndIncrement()).publish();
                } finally {
                    AmqpClients.abort(connection);
                }
            } catch (IOException | TimeoutException | AlreadyClosedException e) {
                // The broker does not respond; try again later. All outcomes are already recorded.
                LockSupport.parkNanos(RETRY_NS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** One connection with its channel. */
    private final class Session {

        private final Connection connection;
        private final String process;
        private final int number;
        private final Channel channel;
        private final ConcurrentSkipListMap<Long, Long> unconfirmed = new ConcurrentSkipListMap<>();
        private final Set<Long> returned = ConcurrentHashMap.newKeySet();
        private final Semaphore inFlight = new Semaphore(LoadSettings.MOST_IN_FLIGHT);
        private long sequence;

        Session(Connection connection, int number) throws IOException {
            this.connection = connection;
            this.number = number;
            this.process = "publisher-" + number;
            this.channel = connection.createChannel();
        }

        void publish() throws IOException, InterruptedException {
            try {
                channel.confirmSelect();
                channel.addConfirmListener((tag, multiple) -> ended(tag, multiple, Phase.OK),
                        (tag, multiple) -> ended(tag, multiple, Phase.UNKNOWN));
                channel.addReturnListener(
                        message -> returned.add(Payload.decode(message.getBody(), place)));
                while (!isFinishing() && connection.isOpen() && channel.isOpen()) {
                    pace.await();
                    if (inFlight.tryAcquire(RETRY_NS, TimeUnit.NANOSECONDS)) {
                        publish(Value.of(number, sequence++));
                    }
                }
                awaitConfirms();
            } finally {
                // Listeners run on another thread. Only messages that are removed here
                // have an unknown outcome.
                for (Long tag : unconfirmed.keySet()) {
                    end(tag, Phase.UNKNOWN);
                }
            }
        }

        private void publish(long value) throws IOException {
            recorder.record(event(value, Phase.INVOKE));
            unconfirmed.put(channel.getNextPublishSeqNo(), value);
            channel.basicPublish("", queue, true, MessageProperties.PERSISTENT_BASIC,
                    Payload.encode(value, place, settings.sizeBytes()));
        }

        private void awaitConfirms() throws InterruptedException {
            long stepNs = patience.toNanos() / FLOW_TRIES;
            for (int i = 0; i < FLOW_TRIES && connection.isOpen() && !unconfirmed.isEmpty(); i++) {
                if (inFlight.tryAcquire(LoadSettings.MOST_IN_FLIGHT, stepNs,
                        TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        }

        private void ended(long tag, boolean multiple, Phase phase) {
            if (multiple) {
                unconfirmed.headMap(tag, true).keySet().forEach(each -> end(each, phase));
            } else {
                end(tag, phase);
            }
        }

        private void end(long tag, Phase phase) {
            Long value = unconfirmed.remove(tag);
            if (value != null) {
                inFlight.release();
                recorder.record(returned.remove(value)
                        ? event(value, Phase.FAIL).note("returned: the queue does not exist")
                        : event(value, phase));
            }
        }

        private Event event(long value, Phase phase) {
            return Event.of(process, Action.SEND, phase, place).value(value);
        }
    }
}
