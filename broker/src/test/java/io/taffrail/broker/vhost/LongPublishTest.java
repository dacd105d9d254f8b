package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.log.Refusal;
import io.taffrail.log.memory.MemoryLogEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A publish with much work takes several tasks, and other clients are served between them. */
class LongPublishTest {

    private static final int QUEUES = 10;
    /** One unit of routing, four queues or 400 bytes in one turn, so one copy in each part. */
    private static final PublishLimits LIMITS = new PublishLimits(1, 4, 400, 10);

    private final ManualTime time = new ManualTime();
    private MemoryLogEngine engine = new MemoryLogEngine(time);
    private SteppedHost host = new SteppedHost(engine, time, LIMITS);
    private final List<String> outcomes = new ArrayList<>();
    private Publisher publisher = publisher();

    @AfterEach
    void close() {
        host.close();
        engine.close();
    }

    private Publisher publisher() {
        return host.api().publisher(new ConfirmListener() {
            @Override
            public void confirmed(long upToTag) {
                outcomes.add("confirmed " + upToTag);
            }

            @Override
            public void rejected(long tag) {
                outcomes.add("rejected " + tag);
            }
        });
    }

    private void exchange(String name, String type, FieldTable arguments) {
        host.await(host.api().declareExchange(
                new ExchangeDeclaration(name, type, true, false, false, arguments)));
    }

    private void bind(String exchange, String destination, boolean toQueue, String key) {
        host.await(host.api().bind(
                new Binding(exchange, destination, toQueue, key, FieldTable.EMPTY),
                SteppedHost.SESSION));
    }

    /** An exchange of this type with ten queues, each bound with a key of its own. */
    private void queues(String type) {
        exchange("x", type, FieldTable.EMPTY);
        for (int index = 0; index < QUEUES; index++) {
            host.declare("q" + index, Map.of());
            bind("x", "q" + index, true, "k" + index);
        }
        host.declare("other", Map.of());
    }

    private static Properties alsoTo(List<String> keys) {
        return Properties.none().withHeaders(FieldTable.of(Map.of("CC", new FieldValue.ListOf(
                keys.stream().map(it -> (FieldValue) new FieldValue.Text(it)).toList()))));
    }

    private static Properties toAll() {
        return alsoTo(IntStream.range(0, QUEUES).mapToObj(it -> "k" + it).toList());
    }

    private static Message message(String exchange, Properties properties) {
        byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
        return new Message(exchange, "k0", properties, ByteBuffer.wrap(body));
    }

    private List<Long> ready() {
        return IntStream.range(0, QUEUES).mapToObj(it -> host.ready("q" + it)).toList();
    }

    private static List<Long> each(long count) {
        return Collections.nCopies(QUEUES, count);
    }

    @Test
    void othersPublishWhileKeysAreRouted() {
        host.close();
        host = new SteppedHost(engine, time, new PublishLimits(1, 1000, 1 << 20, 10));
        publisher = publisher();
        queues("topic");
        List<String> keys = IntStream.range(0, 2000).mapToObj(it -> "k" + it % QUEUES).toList();
        Message message = message("x", alsoTo(keys));

        assertThat(publisher.publish(1, message)).isEqualTo(PublishOutcome.UNDER_WAY);
        var outcome = publisher.underWay().outcome();
        message.body().put(0, (byte) 'X');
        assertThat(host.publish("other", "between")).isTrue();

        assertThat(outcome).isNotDone();
        assertThat(outcomes).isEmpty();
        assertThat(host.await(outcome)).isEqualTo(PublishOutcome.ROUTED);
        host.run();
        assertThat(outcomes).containsExactly("confirmed 1");
        assertThat(ready()).isEqualTo(each(1));
        assertThat(host.take("q0")).hasValue("hello");
        assertThat(host.looks()).as("looks at other work").isGreaterThan(10);
    }

    @Test
    void manyCopiesAreStoredInSeveralTurnsAndConfirmedWithTheLast() {
        queues("fanout");
        engine.holdDurability();

        assertThat(publisher.publish(1, message("x", Properties.none())))
                .isEqualTo(PublishOutcome.UNDER_WAY);
        var outcome = publisher.underWay().outcome();
        host.run();
        assertThat(outcome).as("the first part is not durable").isNotDone();

        engine.releaseDurability();
        host.runUntil(() -> outcome.isDone());
        assertThat(outcomes).isEmpty();
        host.run();
        assertThat(outcomes).containsExactly("confirmed 1");
        assertThat(ready()).isEqualTo(each(1));
        assertThat(publisher.publish(2, message("", Properties.none())))
                .isEqualTo(PublishOutcome.UNROUTED);
        host.run();
        assertThat(outcomes).containsExactly("confirmed 1", "confirmed 2");
    }

    @Test
    void thePublisherTakesNothingElseMeanwhile() {
        queues("fanout");
        assertThat(publisher.publish(1, message("x", Properties.none())))
                .isEqualTo(PublishOutcome.UNDER_WAY);

        assertThatThrownBy(() -> publisher.publish(2, message("", Properties.none())))
                .isInstanceOf(IllegalStateException.class);

        host.run();
        assertThat(outcomes).containsExactly("confirmed 1");
    }

    @Test
    void aCrashBetweenTwoPartsLeavesWhatWasNotConfirmedInSomeQueues() {
        queues("fanout");
        assertThat(publisher.publish(1, message("x", Properties.none())))
                .isEqualTo(PublishOutcome.UNDER_WAY);
        host.runUntil(() -> host.api().inventory().queues().stream()
                .filter(it -> it.depth().ready() > 0).count() == 3);
        assertThat(outcomes).isEmpty();

        engine = engine.restart();
        host = new SteppedHost(engine, time, LIMITS);

        assertThat(ready().stream().mapToLong(it -> it).sum()).isBetween(1L, 3L);
        host.run();
        assertThat(outcomes).isEmpty();
    }

    @Test
    void aQueueDeletedMeanwhileIsLeftOut() {
        queues("fanout");
        assertThat(publisher.publish(1, message("x", Properties.none())))
                .isEqualTo(PublishOutcome.UNDER_WAY);
        var deleted = host.api().deleteQueue("q9", SteppedHost.SESSION, false, false);
        host.runUntil(deleted::isDone);
        host.declare("q9", Map.of());

        host.run();

        assertThat(outcomes).as("the new queue is not the one that was bound")
                .containsExactly("rejected 1");
        assertThat(host.ready("q8")).isEqualTo(1);
        assertThat(host.ready("q9")).isZero();
    }

    @Test
    void aPartThatIsRefusedRejectsTheMessage() {
        queues("fanout");
        assertThat(publisher.publish(1, message("x", Properties.none())))
                .isEqualTo(PublishOutcome.UNDER_WAY);
        var outcome = publisher.underWay().outcome();
        host.runUntil(() -> host.api().inventory().queues().stream()
                .anyMatch(it -> it.depth().ready() > 0));
        engine.failNextAppend(Refusal.DISK_FULL);

        assertThat(host.await(outcome)).isEqualTo(PublishOutcome.ROUTED);
        host.run();

        assertThat(outcomes).containsExactly("rejected 1");
        assertThat(ready().stream().mapToLong(it -> it).sum()).isLessThan(QUEUES);
    }

    @Test
    void aQueueThatRefusesRejectsTheMessageAndTheOthersHaveIt() {
        queues("fanout");
        host.declare("full", Map.of("x-max-length", new FieldValue.Int32(0),
                "x-overflow", new FieldValue.Text("reject-publish")));
        bind("x", "full", true, "");

        assertThat(publisher.publish(1, message("x", Properties.none())))
                .isEqualTo(PublishOutcome.UNDER_WAY);
        host.run();

        assertThat(outcomes).containsExactly("rejected 1");
        assertThat(ready()).isEqualTo(each(1));
    }

    @Test
    void aHostThatEndsConfirmsNothing() {
        queues("fanout");
        assertThat(publisher.publish(1, message("x", Properties.none())))
                .isEqualTo(PublishOutcome.UNDER_WAY);
        var outcome = publisher.underWay().outcome();

        host.close();
        host.run();

        assertThatThrownBy(outcome::join).isInstanceOf(CompletionException.class)
                .hasMessageContaining("has ended");
        assertThat(outcomes).isEmpty();
    }

    /** Two topic exchanges, the second behind one that drops duplicates. */
    private void gated() {
        exchange("once", "x-message-deduplication",
                FieldTable.of(Map.of("x-cache-size", new FieldValue.Int32(10))));
        queues("topic");
        bind("once", "x", false, "");
    }

    private static Properties once() {
        return toAll().withHeaders(FieldTable.of(Map.of("x-deduplication-header",
                new FieldValue.Text("id"), "CC", toAll().headers().get("CC").orElseThrow())));
    }

    @Test
    void aMarkIsStoredInOneTurnWithItsMessage() {
        gated();
        assertThat(publisher.publish(1, message("once", once())))
                .isEqualTo(PublishOutcome.UNDER_WAY);
        host.runOne(); // The turn of the first part of the walk.

        engine = engine.restart();
        host = new SteppedHost(engine, time, LIMITS);
        outcomes.clear();
        publisher = publisher();
        assertThat(publisher.publish(1, message("once", once())))
                .isEqualTo(PublishOutcome.UNDER_WAY);
        host.run();

        assertThat(outcomes).containsExactly("confirmed 1");
        assertThat(ready()).as("is no duplicate of the one before the crash").isEqualTo(each(1));
        assertThat(publisher.publish(2, message("once", once())))
                .isEqualTo(PublishOutcome.UNROUTED);
    }

    @Test
    void ofTwoEqualMessagesUnderWayOneIsRejected() {
        gated();
        Publisher second = publisher();
        assertThat(publisher.publish(1, message("once", once())))
                .isEqualTo(PublishOutcome.UNDER_WAY);
        assertThat(second.publish(2, message("once", once())))
                .isEqualTo(PublishOutcome.UNDER_WAY);

        host.run();

        assertThat(outcomes).containsExactlyInAnyOrder("confirmed 1", "rejected 2");
        assertThat(ready()).isEqualTo(each(1));
    }
}
