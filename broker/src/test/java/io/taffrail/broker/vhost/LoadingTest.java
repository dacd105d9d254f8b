package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.deduplication.Mark;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicyRules;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Queues and exchanges whose state takes long to read: they are loaded in steps, and one that fails
 * is quarantined alone.
 */
class LoadingTest {

    /** Number of messages in a backlog that takes several steps. */
    private static final int MANY = 5000;

    /** Smallest number of returns to other work during such a load. */
    private static final int LOOKS = 2;

    private static final FieldValue YES = new FieldValue.Bool(true);

    private final ManualTime time = new ManualTime();
    private MemoryLogEngine engine = new MemoryLogEngine(time);
    private SteppedHost host = new SteppedHost(engine, time);

    private void restart() {
        host.run();
        time.passNow(Turn.PATIENCE_MS);
        host.run();
        engine = engine.restart();
        time.forget();
        host = new SteppedHost(engine, time);
    }

    private static FieldValue number(int value) {
        return new FieldValue.Int32(value);
    }

    private static Properties marked(int number) {
        return Properties.none()
                .withHeaders(FieldTable.of(Map.of(Mark.HEADER, new FieldValue.Text("m" + number))));
    }

    private static Properties prior(int priority) {
        return Properties.none().withOctet(Property.PRIORITY, priority);
    }

    private void exchange(String name, String type, Map<String, FieldValue> arguments) {
        var _ = host.await(host.api().declareExchange(
                new ExchangeDeclaration(name, type, true, false, false, FieldTable.of(arguments))));
        bind(name, "q", "");
    }

    private void bind(String source, String queue, String key) {
        var _ = host.await(host.api().bind(new Binding(source, queue, true, key, FieldTable.EMPTY),
                SteppedHost.SESSION));
    }

    private CompletableFuture<Void> policy(Map<String, FieldValue> definition) {
        Policy policy = PolicyRules.policy(PolicyKind.USER, "p", "^q$", "all", 1,
                FieldTable.of(definition));
        return host.api().policies().set(PolicyKind.USER, policy);
    }

    @Test
    void marksOfAQueueAreReadInSteps() {
        host.declare("q", Map.of("x-message-deduplication", YES));
        for (int index = 0; index < MANY; index++) {
            host.post("", "q", "m" + index, marked(index));
        }
        restart();

        assertThat(host.looks()).isGreaterThanOrEqualTo(LOOKS);
        assertThat(host.publish("", "q", "again", marked(0))).isTrue();
        assertThat(host.publish("", "q", "again", marked(MANY - 1))).isTrue();
        assertThat(host.ready("q")).isEqualTo(MANY);
    }

    @Test
    void marksAreReadForAPolicyWhileMessagesComeAndOnlyOnce() {
        host.declare("q", Map.of());
        for (int index = 0; index < MANY; index++) {
            host.post("", "q", "m" + index, marked(index));
        }
        host.run();
        CompletableFuture<Void> set = policy(Map.of("x-message-deduplication", YES));
        host.post("", "q", "new", marked(MANY));
        host.post("", "q", "again", marked(MANY));
        assertThat(set).isNotDone();
        var _ = host.await(set);
        int before = host.looks();
        var _ = host.await(policy(
                Map.of("x-message-deduplication", YES, "max-length", number(2 * MANY))));

        assertThat(host.looks()).isEqualTo(before);
        for (int again : List.of(0, MANY / 2, MANY - 1, MANY)) {
            assertThat(host.publish("", "q", "again", marked(again))).isTrue();
        }
        assertThat(host.ready("q")).isEqualTo(MANY + 1);
        assertThat(host.take("q")).contains("m0");
        assertThat(host.publish("", "q", "m0", marked(0))).isTrue();
        assertThat(host.ready("q")).isEqualTo(MANY + 1);
    }

    @Test
    void aBacklogIsMeasuredInSteps() {
        host.declare("q", Map.of("x-max-length-bytes", number(MANY + 1), "x-overflow",
                new FieldValue.Text("reject-publish")));
        for (int index = 0; index < MANY; index++) {
            host.post("q", "m");
        }
        restart();

        assertThat(host.looks()).isGreaterThanOrEqualTo(LOOKS);
        assertThat(host.publish("q", "too long")).isFalse();
        assertThat(host.publish("q", "m")).isTrue();
        assertThat(host.publish("q", "m")).isFalse();
    }

    @Test
    void aBacklogIsMeasuredForAPolicyWhileMessagesComeAndGo() {
        host.declare("q", Map.of());
        for (int index = 0; index < MANY; index++) {
            host.post("q", "m");
        }
        restart();
        List<Delivery> held = new ArrayList<>();
        GetHolder holder = new GetHolder(List.of());
        for (int taken = 0; taken < 10; taken++) {
            host.get("q", Optional.of(holder), new ArrayList<>(), held);
        }
        int before = host.looks();
        CompletableFuture<Void> set = policy(
                Map.of("max-length-bytes", number(MANY), "overflow",
                        new FieldValue.Text("reject-publish")));
        held.subList(0, 5).forEach(Delivery::requeue);
        host.post("q", "mm");
        assertThat(set).isNotDone();
        var _ = host.await(set);
        host.run();

        assertThat(host.looks() - before).isGreaterThanOrEqualTo(LOOKS);
        // 5 bytes stored, 2 more published: 3 bytes of room.
        assertThat(host.publish("q", "mmmm")).isFalse();
        assertThat(host.publish("q", "mmm")).isTrue();
        assertThat(host.publish("q", "m")).isFalse();
    }

    @Test
    void aPolicyMeasuresWhatIsReadyOfAQueueWithPriorities() {
        host.declare("q", Map.of("x-max-priority", number(5)));
        for (int index = 0; index < 10; index++) {
            host.post("", "q", "m", prior(index % 2));
        }
        host.run();
        assertThat(host.take("q")).contains("m"); // The head was skipped.
        var _ = host.await(policy(Map.of("max-length-bytes", number(10), "overflow",
                new FieldValue.Text("reject-publish"))));

        assertThat(host.publish("q", "mm")).isFalse();
        assertThat(host.publish("q", "m")).isTrue();
        assertThat(host.publish("q", "m")).isFalse();
    }

    @Test
    void prioritiesAreReadInStepsAndInTheirOrder() {
        host.declare("q", Map.of("x-max-priority", number(5)));
        for (int index = 0; index < MANY; index++) {
            host.post("", "q", "low", prior(0));
        }
        host.post("", "q", "high", prior(5));
        restart();
        int before = host.looks();

        List<String> got = host.consume("q", 2);
        host.run();

        assertThat(got).containsExactly("high", "low");
        assertThat(host.looks() - before).isGreaterThanOrEqualTo(LOOKS);
    }

    @Test
    void oneWhoAsksWhilePrioritiesAreReadIsGivenTheHighest() {
        host.declare("q", Map.of("x-max-priority", number(5)));
        for (int index = 0; index < MANY; index++) {
            host.post("", "q", "low", prior(0));
        }
        host.post("", "q", "high", prior(5));
        restart();

        assertThat(host.take("q")).contains("high");
        assertThat(host.take("q")).contains("low");
    }

    @Test
    void aPurgeOfPrioritiesThatNobodyHasReadTakesAll() {
        host.declare("q", Map.of("x-max-priority", number(5)));
        for (int index = 0; index < MANY; index++) {
            host.post("", "q", "m", prior(index % 6));
        }
        restart();
        int before = host.looks();

        assertThat(host.await(host.api().purgeQueue("q", SteppedHost.SESSION))).isEqualTo(MANY);
        assertThat(host.ready("q")).isZero();
        assertThat(host.looks() - before).isZero();
        assertThat(host.publish("q", "next")).isTrue();
        assertThat(host.take("q")).contains("next");
    }

    @Test
    void aLogIsReplayedInSteps() {
        Lease lease = engine.metaStore().acquire("test").join();
        WritableLog log = engine.openForWrite(new LogId("@log"), lease, LogOptions.defaults(),
                Owner.direct()).join();
        for (int index = 0; index < MANY; index++) {
            var _ = log.append(new BatchBuilder()
                    .add(1, null, ByteBuffer.wrap(new byte[]{1}), List.of()).build());
        }
        List<Long> read = new ArrayList<>();
        LogReplay replay = new LogReplay(log, (offset, _) -> read.add(offset));
        int steps = 1;
        for (; !replay.goOn(new Budget(time)); steps++) {
            assertThat(read).hasSizeLessThan(steps * 2 * Budget.MAX_COUNT);
        }

        assertThat(steps).isGreaterThan(LOOKS);
        assertThat(read).hasSize(MANY).isSorted();
    }

    @Test
    void deliveriesOfWhatWasHeldAreCountedInSteps() {
        host.declare("q", Map.of("x-queue-type", new FieldValue.Text("quorum"), "x-delivery-limit",
                number(100)));
        for (int index = 0; index < MANY; index++) {
            host.post("q", "m");
        }
        host.run();
        List<String> got = host.consume("q", 0);
        host.run();
        assertThat(got).hasSize(MANY);
        restart();

        assertThat(host.looks()).isGreaterThanOrEqualTo(LOOKS);
        List<Delivery> again = new ArrayList<>();
        host.get("q", Optional.of(new GetHolder(List.of())), new ArrayList<>(), again);
        assertThat(again).singleElement().returns(true, Delivery::redelivered);
        assertThat(host.ready("q")).isEqualTo(MANY - 1);
    }

    @Test
    void marksOfAnExchangeAreReadInSteps() {
        host.declare("q", Map.of());
        exchange("once", "x-message-deduplication", Map.of("x-cache-size", number(2 * MANY),
                "x-cache-persistence", new FieldValue.Text("disk")));
        for (int index = 0; index < MANY; index++) {
            assertThat(host.publish("once", "", "m", marked(index))).isTrue();
        }
        restart();

        assertThat(host.looks()).isGreaterThanOrEqualTo(LOOKS);
        assertThat(host.publish("once", "", "again", marked(0))).isTrue();
        assertThat(host.publish("once", "", "again", marked(MANY - 1))).isTrue();
        assertThat(host.ready("q")).isEqualTo(MANY);
    }

    @Test
    void delayedMessagesAreReadInStepsBeforeTheFirstGoes() {
        host.declare("q", Map.of());
        exchange("later", "x-delayed-message",
                Map.of("x-delayed-type", new FieldValue.Text("fanout")));
        for (int index = 0; index < MANY; index++) {
            host.post("later", "", "m" + index, Properties.none().withHeaders(
                    FieldTable.of(Map.of("x-delay", number(2 * MANY - index)))));
        }
        restart();

        assertThat(host.looks()).isGreaterThanOrEqualTo(LOOKS);
        assertThat(host.api().pending().count()).isEqualTo(MANY);
        time.passNow(2 * MANY);
        host.run();
        assertThat(host.ready("q")).isEqualTo(MANY);
        assertThat(host.take("q")).contains("m" + (MANY - 1));
    }

    @Test
    void bindingsAreRestoredInSteps() {
        host.declare("q", Map.of());
        for (int index = 0; index < MANY; index++) {
            bind("amq.direct", "q", "k" + index);
        }
        restart();

        assertThat(host.looks()).isGreaterThanOrEqualTo(LOOKS);
        assertThat(host.publish("amq.direct", "k" + (MANY - 1), "m", Properties.none())).isTrue();
        assertThat(host.ready("q")).isEqualTo(1);
    }

    /** Appends a record of a kind that no version writes. */
    private void spoil(String prefix) {
        LogId id = engine.logs().stream().filter(it -> it.value().startsWith(prefix)).findFirst()
                .orElseThrow();
        Lease lease = engine.metaStore().acquire("test").join();
        WritableLog log = engine.openForWrite(id, lease, LogOptions.defaults(), Owner.direct())
                .join();
        var _ = log.append(new BatchBuilder()
                .add(1, null, ByteBuffer.wrap(new byte[]{99, 0, 0}), List.of()).build());
        log.close();
    }

    private void restartSpoilt(String prefix) {
        host.run();
        engine = engine.restart();
        spoil(prefix);
        engine = engine.restart();
        time.forget();
        host = new SteppedHost(engine, time);
    }

    @Test
    void aQueueWhoseCursorCannotBeReadIsQuarantinedAlone() {
        host.declare("q", Map.of());
        assertThat(host.publish("q", "m")).isTrue();
        assertThat(host.take("q")).contains("m");
        host.run();
        restartSpoilt("@cursor-");
        host.declare("other", Map.of());

        assertThat(host.api().quarantined()).singleElement().returns("q", Quarantine::queue);
        assertThat(host.publish("q", "m")).isFalse();
        assertThat(host.publish("other", "m")).isTrue();
    }

    @Test
    void anExchangeWhoseMarksCannotBeReadTakesNothingAndOthersStart() {
        host.declare("q", Map.of());
        exchange("once", "x-message-deduplication", Map.of("x-cache-size", number(100),
                "x-cache-persistence", new FieldValue.Text("disk")));
        assertThat(host.publish("once", "", "m", marked(1))).isTrue();
        restartSpoilt("@marks-");

        assertThat(host.api().quarantined()).singleElement()
                .satisfies(it -> assertThat(it.queue()).startsWith("@marks-"));
        assertThatThrownBy(() -> host.publish("once", "", "m", marked(2)))
                .isInstanceOf(BrokerException.class).hasMessageContaining("marks");
        assertThat(host.publish("q", "m")).isTrue();
        assertThat(host.ready("q")).isEqualTo(2);
    }

    @Test
    void delayedMessagesThatCannotBeReadKeepNothingElseFromAStart() {
        host.declare("q", Map.of());
        exchange("later", "x-delayed-message",
                Map.of("x-delayed-type", new FieldValue.Text("fanout")));
        restartSpoilt("@cursor-delayed.");

        assertThat(host.api().quarantined()).singleElement()
                .satisfies(it -> assertThat(it.queue()).startsWith("@queue-delayed."));
        assertThat(host.publish("q", "m")).isTrue();
    }

    @Test
    void marksWhoseLogFailsAreOpenedAnewByCommand() {
        host.declare("q", Map.of());
        exchange("once", "x-message-deduplication", Map.of("x-cache-size", number(100),
                "x-cache-persistence", new FieldValue.Text("disk")));
        assertThat(host.publish("once", "", "m", marked(1))).isTrue();
        LogId marks = engine.logs().stream().filter(it -> it.value().startsWith("@marks-"))
                .findFirst().orElseThrow();
        engine.quarantine(marks, "broken");

        assertThat(host.publish("once", "", "m", marked(2))).isFalse();
        assertThat(host.api().quarantined()).singleElement()
                .returns(marks.value(), Quarantine::queue);
        assertThatThrownBy(() -> host.publish("once", "", "m", marked(3)))
                .isInstanceOf(BrokerException.class);

        var _ = host.await(host.api().reopenQueue(marks.value()));

        assertThat(host.api().quarantined()).isEmpty();
        assertThat(host.publish("once", "", "again", marked(1))).isTrue();
        assertThat(host.publish("once", "", "m", marked(2))).isTrue();
        assertThat(host.ready("q")).isEqualTo(2);
    }
}
