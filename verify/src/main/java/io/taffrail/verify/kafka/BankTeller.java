package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.BankEntry;
import io.taffrail.verify.history.BankTransfer;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.history.Value;
import io.taffrail.verify.load.LoadThread;
import io.taffrail.verify.load.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A thread that serves one branch of the bank: it consumes requests, and writes the new balances
 * and its offset in one transaction. Several tellers of a branch use the same transactional id;
 * each takes over after a random time, and notices only by an error that another one has.
 */
final class BankTeller extends LoadThread {

    private static final int MOST_REQUESTS = 5;
    private static final double ABORTS = 0.2;
    /** Added to balances of transactions that are aborted; no reader may see it. */
    private static final long POISON = 1_000_000;
    private static final Duration POLL = Duration.ofMillis(20);
    private static final long LEAST_PAUSE_MS = 500;
    private static final int PAUSE_SPREAD_MS = 2000;
    private static final long STATE_LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long AFTER_FAILURE_NS = 20_000_000;

    /**
     * The topics of the bank.
     *
     * @param served
     *            offset up to which tellers have served each partition of requests; for any thread
     */
    record Topics(List<TopicPartition> requests, List<TopicPartition> accounts, String group,
            Map<TopicPartition, Long> served) {

        /** Returns the number of requests that have been served. */
        long servedCount() {
            return served.values().stream().mapToLong(Long::longValue).sum();
        }

        TopicPartition partition(int account) {
            return accounts.get(account % accounts.size());
        }
    }

    private final KafkaClients clients;
    private final Topics topics;
    private final int branch;
    private final Recorder recorder;
    private final AtomicInteger numbers;
    private final Random random;
    private final LongSupplier nanoClock;
    private final Map<Integer, Long> balances = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    BankTeller(KafkaClients clients, Topics topics, int branch, Recorder recorder,
            AtomicInteger numbers, Random random, LongSupplier nanoClock) {
        super("kafka teller of branch " + branch);
        this.clients = clients;
        this.topics = topics;
        this.branch = branch;
        this.recorder = recorder;
        this.numbers = numbers;
        this.random = random;
        this.nanoClock = nanoClock;
    }

    @Override
    protected void run() {
        while (!isFinishing()) {
            try (TransactionSession session = new TransactionSession(clients,
                    topics.group() + "-branch-" + branch, numbers, recorder, 0);
                    KafkaConsumer<byte[], byte[]> consumer = clients
                            .committedReader(topics.group())) {
                readBalances(consumer);
                serve(session, consumer);
            } catch (KafkaException e) {
                // Fenced by another teller, or the broker does not respond.
                LockSupport.parkNanos(AFTER_FAILURE_NS);
            }
            if (!isFinishing()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS
                        .toNanos(LEAST_PAUSE_MS + random.nextInt(PAUSE_SPREAD_MS)));
            }
        }
    }

    /**
     * Reads the accounts up to the ends that a reader of uncommitted data finds: other branches'
     * open transactions may hide committed balances until they end.
     */
    private void readBalances(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Long> ends;
        try (KafkaConsumer<byte[], byte[]> asker = clients.reader()) {
            ends = asker.endOffsets(topics.accounts());
        }
        consumer.assign(topics.accounts());
        topics.accounts().forEach(partition -> consumer.seek(partition,
                positions.getOrDefault(partition, 0L)));
        long startNs = nanoClock.getAsLong();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (isFinishing() || nanoClock.getAsLong() - startNs > STATE_LIMIT_NS) {
                throw new KafkaException("the accounts were not read to their ends");
            }
            consumer.poll(POLL).forEach(this::apply);
            topics.accounts().forEach(
                    partition -> positions.put(partition, consumer.position(partition)));
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> found) {
        BankEntry entry = BankEntry.parse(Payload.content(found.value()));
        balances.put(entry.account(), entry.balance());
    }

    private void serve(TransactionSession session, KafkaConsumer<byte[], byte[]> consumer) {
        TopicPartition partition = topics.requests().get(branch);
        consumer.assign(List.of(partition));
        List<ConsumerRecord<byte[], byte[]>> waiting = new ArrayList<>();
        while (!isFinishing()) {
            if (waiting.isEmpty()) {
                consumer.poll(POLL).forEach(waiting::add);
                continue;
            }
            List<ConsumerRecord<byte[], byte[]>> batch = waiting.subList(0,
                    Math.min(waiting.size(), 1 + random.nextInt(MOST_REQUESTS)));
            if (random.nextDouble() < ABORTS) {
                session.begin();
                transfer(session, new HashMap<>(balances), batch, POISON);
                session.abort();
            }
            transact(session, consumer.groupMetadata(), partition, batch);
            batch.clear();
        }
    }

    private void transact(TransactionSession session, ConsumerGroupMetadata group,
            TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> batch) {
        Map<Integer, Long> next = new HashMap<>(balances);
        session.begin();
        String process = "teller-" + Value.text(session.current());
        batch.forEach(found -> recorder.record(KafkaMember.reading(process, Action.READ,
                KafkaClients.place(partition), found)));
        transfer(session, next, batch, 0);
        long offset = batch.getLast().offset() + 1;
        recorder.record(commit(process, partition, offset, Phase.INVOKE));
        boolean committed = false;
        Phase otherwise = Phase.UNKNOWN;
        try {
            session.sendOffsets(Map.of(partition, new OffsetAndMetadata(offset)), group);
            committed = session.commit(false);
            otherwise = Phase.FAIL;
        } finally {
            recorder.record(commit(process, partition, offset, committed ? Phase.OK : otherwise));
        }
        if (!committed) {
            throw new KafkaException("a message was refused");
        }
        balances.putAll(next);
        topics.served().merge(partition, offset, Math::max);
    }

    private void transfer(TransactionSession session, Map<Integer, Long> state,
            List<ConsumerRecord<byte[], byte[]>> batch, long more) {
        for (ConsumerRecord<byte[], byte[]> found : batch) {
            BankTransfer transfer = BankTransfer.parse(Payload.content(found.value()));
            long request = Payload.decode(found.value(),
                    KafkaClients.place(topics.requests().get(branch)));
            change(session, state, transfer.from(), more - transfer.amount(), request);
            change(session, state, transfer.to(), more + transfer.amount(), request);
        }
    }

    private void change(TransactionSession session, Map<Integer, Long> state, int account,
            long amount, long request) {
        long balance = state.getOrDefault(account, BankEntry.OPENING) + amount;
        state.put(account, balance);
        session.send(topics.partition(account), new BankEntry(account, balance, request).text());
    }

    private Event commit(String process, TopicPartition partition, long offset, Phase phase) {
        return Event.of(process, Action.COMMIT, phase, KafkaClients.place(partition))
                .offset(offset).note(topics.group());
    }
}
