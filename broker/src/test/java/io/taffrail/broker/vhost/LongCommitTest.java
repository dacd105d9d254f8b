package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.broker.policy.ApplyTo;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.log.memory.MemoryLogEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A large transaction is collected in steps, and then stored as one atomic step. */
class LongCommitTest {

    private static final int MESSAGES = 5_000;
    private static final PublishLimits LIMITS = new PublishLimits(1, 4, 400, 500);
    private static final List<String> QUEUES = List.of("plain", "fanned", "full", "once",
            "priority");

    /** A client's transaction that records what it is told. */
    private static final class Transaction implements Commit {

        private final List<Message> messages = new ArrayList<>();
        private final List<Integer> unrouted = new ArrayList<>();
        private boolean settled;
        private boolean cancelled;

        Transaction add(String exchange, String key, String body, Properties properties) {
            messages.add(message(exchange, key, body, properties));
            return this;
        }

        @Override
        public List<Message> messages() {
            return messages;
        }

        @Override
        public void unrouted(int index) {
            unrouted.add(index);
        }

        @Override
        public void settle() {
            settled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    private final ManualTime time = new ManualTime();
    private MemoryLogEngine engine = new MemoryLogEngine(time);
    private SteppedHost host = new SteppedHost(engine, time, LIMITS);

    LongCommitTest() {
        declare();
    }

    @AfterEach
    void close() {
        host.close();
        engine.close();
    }

    private static Message message(String exchange, String key, String body,
            Properties properties) {
        return new Message(exchange, key, properties,
                ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    }

    private void declare() {
        host.declare("plain", Map.of());
        host.declare("fanned", Map.of());
        host.declare("full", Map.of("x-max-length", new FieldValue.Int32(3), "x-overflow",
                new FieldValue.Text("reject-publish")));
        host.declare("once", Map.of("x-message-deduplication", new FieldValue.Bool(true)));
        host.declare("priority", Map.of("x-max-priority", new FieldValue.Int32(5)));
        exchange("fan", "fanout", Map.of());
        exchange("marks", "x-message-deduplication",
                Map.of("x-cache-size", new FieldValue.Int32(100)));
        exchange("topic", "topic", Map.of());
        for (String queue : QUEUES) {
            bind("topic", queue, "#." + queue + ".#");
            bind("fan", queue, "");
        }
        bind("marks", "plain", "");
    }

    private void exchange(String name, String type, Map<String, FieldValue> arguments) {
        host.await(host.api().declareExchange(new ExchangeDeclaration(name, type, true, false,
                false, FieldTable.of(arguments))));
    }

    private void bind(String exchange, String queue, String key) {
        host.await(host.api().bind(new Binding(exchange, queue, true, key, FieldTable.EMPTY),
                SteppedHost.SESSION));
    }

    private CompletableFuture<Void> commit(Commit commit) {
        return host.api().commit(commit);
    }

    private static Transaction large() {
        Transaction transaction = new Transaction();
        for (int index = 0; index < MESSAGES; index++) {
            transaction.add("", index % 2 == 0 ? "plain" : "fanned", "m" + index,
                    Properties.none());
        }
        return transaction;
    }

    @Test
    void othersPublishWhileItIsCollected() {
        Transaction transaction = large();
        var done = commit(transaction);
        assertThat(host.publish("plain", "between")).isTrue();
        assertThat(done).isNotDone();
        assertThat(transaction.settled).isFalse();

        host.await(done);

        assertThat(transaction.settled).isTrue();
        assertThat(host.ready("plain")).isEqualTo(1 + MESSAGES / 2);
        assertThat(host.take("plain")).hasValue("between");
        assertThat(host.take("plain")).hasValue("m0");
        assertThat(host.take("fanned")).hasValue("m1");
    }

    @Test
    void aCrashBeforeTheStepLeavesNothingAndAfterItEverything() {
        var done = commit(large());
        assertThat(host.publish("plain", "between")).isTrue();
        assertThat(done).isNotDone();

        engine = engine.restart();
        host = new SteppedHost(engine, time, LIMITS);
        assertThat(host.ready("plain")).isEqualTo(1);
        assertThat(host.ready("fanned")).isZero();
        host.await(commit(large()));
        engine = engine.restart();
        host = new SteppedHost(engine, time, LIMITS);

        assertThat(host.ready("plain")).isEqualTo(1 + MESSAGES / 2);
        assertThat(host.ready("fanned")).isEqualTo(MESSAGES / 2);
    }

    @Test
    void aClientThatIsGoneCommitsNothing() {
        Transaction transaction = large();
        var done = commit(transaction);
        transaction.cancelled = true;

        assertThatThrownBy(() -> host.await(done)).hasMessageContaining("has ended");

        assertThat(transaction.settled).isFalse();
        assertThat(host.ready("plain")).isZero();
    }

    @Test
    void aMessageThatIsRefusedRefusesAll() {
        Transaction transaction = large().add("none", "", "last", Properties.none());

        assertThatThrownBy(() -> host.await(commit(transaction)))
                .hasMessageContaining("no exchange 'none'");

        assertThat(transaction.settled).isFalse();
        assertThat(host.ready("plain")).isZero();
    }

    @Test
    void messagesThatQueuesLookAtAreBounded() {
        Transaction transaction = new Transaction();
        for (int index = 0; index <= 500; index++) {
            transaction.add("", "once", "m", Properties.none());
        }

        assertThatThrownBy(() -> host.await(commit(transaction)))
                .hasMessageContaining("more than 500 messages for streams and for queues");

        assertThat(host.ready("once")).isZero();
        transaction.messages.removeLast();
        host.await(commit(transaction));
        assertThat(host.ready("once")).isEqualTo(500);
    }

    @Test
    void copiesAreBoundedByTheHeap() {
        int body = 1 << 20;
        Transaction transaction = new Transaction();
        transaction.messages.addAll(Collections.nCopies((int) (FanOutLimit.BYTES / body) + 1,
                new Message("topic", "nowhere", Properties.none(), ByteBuffer.allocate(body))));

        assertThatThrownBy(() -> host.await(commit(transaction)))
                .hasMessageContaining("a quarter of the heap, in all its queues");

        assertThat(transaction.settled).isFalse();
    }

    @Test
    void aQueueThatHasToLookAtMessagesFromNowOnRefusesTheTransaction() {
        Transaction transaction = new Transaction().add("", "fanned", "a", Properties.none());
        transaction.messages.addAll(Collections.nCopies(MESSAGES,
                message("", "plain", "b", Properties.none())));
        var done = commit(transaction);
        var changed = host.api().policies().set(PolicyKind.USER, new Policy("p",
                NamePattern.of("fanned"), ApplyTo.ALL, 0, FieldTable.of(
                        Map.of("overflow", new FieldValue.Text("reject-publish")))));
        host.runUntil(changed::isDone);
        assertThat(done).isNotDone();

        assertThatThrownBy(() -> host.await(done)).hasMessageContaining(
                "settings of queue 'fanned' were changed while a transaction was committed");

        assertThat(host.ready("plain")).isZero();
        assertThat(host.ready("fanned")).isZero();
    }

    @Test
    void whatHasNoQueueIsTold() {
        Transaction transaction = new Transaction().add("", "none", "a", Properties.none())
                .add("", "plain", "b", Properties.none())
                .add("topic", "x", "c", Properties.none());

        host.await(commit(transaction));

        assertThat(transaction.unrouted).containsExactly(0, 2);
        assertThat(host.ready("plain")).isEqualTo(1);
    }

    @Test
    void aQueueDeletedMeanwhileIsLeftOut() {
        var done = commit(large());
        var deleted = host.api().deleteQueue("fanned", SteppedHost.SESSION, false, false);
        host.runUntil(deleted::isDone);
        assertThat(done).isNotDone();

        host.await(done);

        assertThat(host.ready("plain")).isEqualTo(MESSAGES / 2);
    }

    /** Compares with messages published one by one in an atomic step. */
    @Test
    void leavesInEachQueueWhatPublishesLeave() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            Transaction transaction = new Transaction();
            for (int count = random.nextInt(40); count > 0; count--) {
                transaction.messages.add(random(random));
            }
            Map<String, List<String>> expected = contents(() -> host.await(host.api()
                    .atomically(() -> transaction.messages.forEach(it -> host.post(it.exchange(),
                            it.routingKey(), StandardCharsets.UTF_8.decode(it.body().duplicate())
                                    .toString(),
                            it.properties())))));
            transaction.unrouted.clear();
            Map<String, List<String>> got = contents(() -> host.await(commit(transaction)));

            assertThat(got).as("seed %d, round %d", seed, round).isEqualTo(expected);
        }
    }

    private static Message random(Random random) {
        String exchange = List.of("", "fan", "marks", "topic").get(random.nextInt(4));
        String key = QUEUES.get(random.nextInt(QUEUES.size()));
        Map<String, FieldValue> headers = new LinkedHashMap<>();
        if (random.nextBoolean()) {
            headers.put("x-deduplication-header", new FieldValue.Int32(random.nextInt(4)));
        }
        if (random.nextInt(4) == 0) {
            headers.put("BCC", new FieldValue.ListOf(List.of(new FieldValue.Text("plain"))));
        }
        return message(exchange, key, "m" + random.nextInt(100), headers.isEmpty()
                ? Properties.none()
                : Properties.none().withHeaders(FieldTable.of(headers)));
    }

    /** The contents of new queues after a transaction. */
    private Map<String, List<String>> contents(Runnable transaction) {
        host.close();
        engine.close();
        engine = new MemoryLogEngine(time);
        host = new SteppedHost(engine, time, LIMITS);
        declare();
        transaction.run();
        Map<String, List<String>> contents = new LinkedHashMap<>();
        for (String queue : QUEUES) {
            List<String> bodies = new ArrayList<>();
            for (Optional<String> next = host.take(queue); next.isPresent(); next = host
                    .take(queue)) {
                bodies.add(next.get());
            }
            contents.put(queue, bodies);
        }
        return contents;
    }

    @Test
    void transactionsOfManyClientsAreCollectedInOneRoom() {
        int clients = 20;
        int messages = 2_000;
        byte[] body = new byte[1_024];
        long each = (long) messages * body.length;
        CommitRoom room = new CommitRoom(2 * each);
        host.close();
        host = new SteppedHost(engine, time, LIMITS, room);
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            Transaction transaction = new Transaction();
            transaction.messages.addAll(Collections.nCopies(messages,
                    new Message("", "plain", Properties.none(), ByteBuffer.wrap(body))));
            done.add(commit(transaction));
        }
        var small = commit(new Transaction().add("", "fanned", "small", Properties.none()));
        assertThat(host.ready("fanned")).as("one step needs no room").isEqualTo(1);
        assertThat(small).isCompleted();

        long most = 0;
        while (host.runOne()) {
            most = Math.max(most, room.takenBytes());
        }

        assertThat(done).allMatch(CompletableFuture::isDone)
                .noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(host.ready("plain")).isEqualTo((long) clients * messages);
        assertThat(most).isBetween(2 * each, 4 * each);
        assertThat(room.takenBytes()).isZero();
    }

    @Test
    void aTransactionThatWaitsForRoomTakesNoSteps() {
        CommitRoom room = new CommitRoom(1_000_000);
        host.close();
        host = new SteppedHost(engine, time, LIMITS, room);
        Object first = new Object();
        Object second = new Object();
        assertThat(room.take(first, 1)).isTrue();
        assertThat(room.take(second, 1_000_000)).isTrue();

        Transaction transaction = new Transaction();
        for (int number = 0; number < MESSAGES; number++) {
            transaction.add("", "plain", "m" + number, Properties.none());
        }
        CompletableFuture<Void> done = commit(transaction);
        int steps = 0;
        while (steps < MESSAGES && host.runOne()) {
            steps++;
        }
        assertThat(steps).isLessThan(MESSAGES);
        assertThat(done).isNotDone();

        room.give(second);
        host.run();
        assertThat(done).isCompleted();
        assertThat(host.ready("plain")).isEqualTo(MESSAGES);
        room.give(first);
        assertThat(room.takenBytes()).isZero();
    }
}
