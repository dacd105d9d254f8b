package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.history.Value;
import io.taffrail.verify.load.LoadSettings;
import io.taffrail.verify.load.LoadThread;
import io.taffrail.verify.load.Pace;
import io.taffrail.verify.load.Payload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * A thread with an idempotent producer. If its client fails fatally, it continues with a new one.
 * The new client counts as another producer, because the broker keeps order only within one client.
 */
final class KafkaSender extends LoadThread {

    private final KafkaClients clients;
    private final List<TopicPartition> partitions;
    private final LoadSettings settings;
    private final Recorder recorder;
    private final AtomicInteger numbers;
    private final Pace pace;
    private final Semaphore inFlight = new Semaphore(LoadSettings.MOST_IN_FLIGHT);
    private volatile Duration patience = Duration.ZERO;

    /**
     * Creates a sender.
     *
     * @param numbers
     *            source of producer numbers; each client takes one
     */
    KafkaSender(KafkaClients clients, List<TopicPartition> partitions, LoadSettings settings,
            Recorder recorder, AtomicInteger numbers, Pace pace) {
        super("kafka sender");
        this.clients = clients;
        this.partitions = partitions;
        this.settings = settings;
        this.recorder = recorder;
        this.numbers = numbers;
        this.pace = pace;
    }

    /** Stops sending and waits for messages in flight, at most {@code limit}. */
    void finish(Duration limit) {
        patience = limit;
        finish();
    }

    @Override
    protected void run() {
        try {
            while (!isFinishing()) {
                Client client = new Client(numbers.getAndIncrement());
                client.sendUntilItBreaks();
                client.producer.close(client.broken ? Duration.ZERO : patience);
            }
        } catch (InterruptException e) {
            // The run was aborted.
            Thread.currentThread().interrupt();
        }
    }

    /** One client, in use until it fails fatally. */
    private final class Client {

        private final int number;
        private final String process;
        private final KafkaProducer<byte[], byte[]> producer = clients.producer();
        private final long[] sequences = new long[partitions.size()];
        private volatile boolean broken;

        Client(int number) {
            this.number = number;
            this.process = "producer-" + number;
        }

        void sendUntilItBreaks() {
            int turn = number;
            while (!isFinishing() && !broken) {
                pace.await();
                int index = turn++ % partitions.size();
                try {
                    inFlight.acquire();
                } catch (InterruptedException e) {
                    finish();
                    Thread.currentThread().interrupt();
                    return;
                }
                send(partitions.get(index), Value.of(number, sequences[index]++));
            }
        }

        private void send(TopicPartition partition, long value) {
            String place = KafkaClients.place(partition);
            byte[] payload = Payload.encode(value, place, settings.sizeBytes());
            Event event = Event.of(process, Action.SEND, Phase.INVOKE, place).value(value);
            recorder.record(event);
            try {
                var _ = producer.send(new ProducerRecord<>(partition.topic(),
                        partition.partition(), null, payload), (metadata, failure) -> {
                            inFlight.release();
                            if (failure == null) {
                                recorder.record(ended(event, Phase.OK).offset(metadata.offset()));
                            } else {
                                failed(event, failure);
                            }
                        });
            } catch (KafkaException | IllegalStateException e) {
                inFlight.release();
                failed(event, e);
                broken = true;
            }
        }

        private void failed(Event event, Exception failure) {
            boolean refused = failure instanceof RecordTooLargeException
                    || failure instanceof InvalidTopicException
                    || failure instanceof PolicyViolationException
                    || failure instanceof AuthorizationException;
            recorder.record(ended(event, refused ? Phase.FAIL : Phase.UNKNOWN)
                    .note(failure.toString()));
            broken |= !refused && !(failure instanceof RetriableException);
        }

        private Event ended(Event event, Phase phase) {
            return Event.of(process, Action.SEND, phase, event.place()).value(event.value());
        }
    }
}
