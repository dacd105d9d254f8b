package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.BankEntry;
import io.taffrail.verify.history.BankTransfer;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.history.Value;
import io.taffrail.verify.load.LoadThread;
import io.taffrail.verify.load.Pace;
import io.taffrail.verify.load.Payload;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A thread that requests random transfers with an idempotent producer, one partition of requests
 * for each branch. After a fatal error it goes on as another producer.
 */
final class BankIssuer extends LoadThread {

    private static final int MOST_IN_FLIGHT = 100;
    /** The requests wait for the tellers, so that all can be served at the end. */
    private static final int MOST_AHEAD = 300;
    private static final long WAIT_NS = 5_000_000;
    private static final int MOST_AMOUNT = 50;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final KafkaClients clients;
    private final BankTeller.Topics topics;
    private final Recorder recorder;
    private final AtomicInteger numbers;
    private final Random random;
    private final Pace pace;
    private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
    private volatile boolean broken;
    private long sent;

    BankIssuer(KafkaClients clients, BankTeller.Topics topics, Recorder recorder,
            AtomicInteger numbers, Random random, Pace pace) {
        super("kafka issuer");
        this.clients = clients;
        this.topics = topics;
        this.recorder = recorder;
        this.numbers = numbers;
        this.random = random;
        this.pace = pace;
    }

    @Override
    protected void run() {
        while (!isFinishing()) {
            int number = numbers.getAndIncrement();
            broken = false;
            KafkaProducer<byte[], byte[]> producer = clients.producer();
            try {
                for (long i = 0; !isFinishing() && !broken; i++) {
                    pace.await();
                    awaitTellers();
                    inFlight.acquire();
                    request(producer, number, i);
                }
            } catch (InterruptedException e) {
                finish();
                Thread.currentThread().interrupt();
            } finally {
                producer.close(Thread.currentThread().isInterrupted()
                        ? Duration.ZERO
                        : CLOSE_LIMIT);
            }
        }
    }

    private void awaitTellers() {
        while (sent - topics.servedCount() > MOST_AHEAD && !isFinishing()) {
            LockSupport.parkNanos(WAIT_NS);
        }
        sent++;
    }

    private void request(KafkaProducer<byte[], byte[]> producer, int number, long sequence) {
        int branch = random.nextInt(topics.requests().size());
        int from = random.nextInt(BankEntry.ACCOUNTS);
        int to = (from + 1 + random.nextInt(BankEntry.ACCOUNTS - 1)) % BankEntry.ACCOUNTS;
        int first = branch * BankEntry.ACCOUNTS;
        String text = new BankTransfer(first + from, first + to, 1 + random.nextInt(MOST_AMOUNT))
                .text();
        TopicPartition partition = topics.requests().get(branch);
        String place = KafkaClients.place(partition);
        long value = Value.of(number, sequence);
        Event event = Event.of("issuer-" + number, Action.SEND, Phase.INVOKE, place).value(value);
        recorder.record(event.note(text));
        try {
            var _ = producer.send(new ProducerRecord<>(partition.topic(), partition.partition(),
                    null, Payload.encode(value, place + " " + text, 0)), (metadata, failure) -> {
                        inFlight.release();
                        ended(event, failure == null ? metadata.offset() : -1, failure);
                    });
        } catch (KafkaException e) {
            inFlight.release();
            ended(event, -1, e);
        }
    }

    private void ended(Event event, long offset, @Nullable Exception why) {
        Event end = Event.of(event.process(), Action.SEND, why == null ? Phase.OK : Phase.UNKNOWN,
                event.place()).value(event.value());
        recorder.record(why == null ? end.offset(offset) : end.note(why.toString()));
        broken |= why != null;
    }
}
