package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A message that the broker moves itself is routed in steps if that is more work than one task may
 * be; it waits in its source meanwhile, and is not lost.
 */
class CostlyLetterTest {

    /** Routing a moved message may cost 64 units in one task. */
    private static final PublishLimits LIMITS = new PublishLimits(4, 1000, 1 << 20, 1000);
    private static final int MANY = 50_000;
    private static final int TARGETS = 300;
    private static final int LATER_MS = 2_000;

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine engine = new MemoryLogEngine(time);
    private final SteppedHost host = new SteppedHost(engine, time, LIMITS);

    @AfterEach
    void close() {
        host.close();
        engine.close();
    }

    private void exchange(String name, String type, Map<String, FieldValue> arguments) {
        host.await(host.api().declareExchange(new ExchangeDeclaration(name, type, true, false,
                false, FieldTable.of(arguments))));
        host.declare("target", Map.of());
        host.await(host.api().bind(new Binding(name, "target", true, "#", FieldTable.EMPTY),
                SteppedHost.SESSION));
    }

    /** Lets timers and steps do all that they have to. */
    private void later() {
        host.run();
        time.passNow(LATER_MS);
        host.run();
    }

    private static Properties keys(int count, Map<String, FieldValue> more) {
        Map<String, FieldValue> headers = new LinkedHashMap<>(more);
        List<FieldValue> keys = IntStream.range(0, count)
                .mapToObj(it -> (FieldValue) new FieldValue.Text("k" + it)).toList();
        headers.put("CC", new FieldValue.ListOf(keys));
        return Properties.none().withHeaders(FieldTable.of(headers));
    }

    private void source(Map<String, FieldValue> more) {
        Map<String, FieldValue> arguments = new LinkedHashMap<>(more);
        arguments.put("x-dead-letter-exchange", new FieldValue.Text("dlx"));
        host.declare("source", arguments);
    }

    private static Map<String, FieldValue> atLeastOnce() {
        return Map.of("x-queue-type", new FieldValue.Text("quorum"),
                "x-dead-letter-strategy", new FieldValue.Text("at-least-once"),
                "x-overflow", new FieldValue.Text("reject-publish"),
                "x-message-ttl", new FieldValue.Int32(0));
    }

    private long held() {
        return host.api().inventory().queues().stream()
                .filter(it -> it.declaration().name().equals("source")).findFirst().orElseThrow()
                .depth().held();
    }

    @Test
    void aLetterSentAtMostOnceArrives() {
        exchange("dlx", "topic", Map.of());
        source(Map.of("x-max-length", new FieldValue.Int32(0)));

        assertThat(host.publish("", "source", "costly", keys(MANY, Map.of()))).isTrue();
        assertThat(host.publish("", "source", "cheap", keys(2, Map.of()))).isTrue();
        later();

        assertThat(host.take("target")).hasValue("cheap");
        assertThat(host.take("target")).hasValue("costly");
        assertThat(host.take("target")).isEmpty();
        assertThat(held()).isZero();
    }

    @Test
    void aLetterSentAtLeastOnceArrivesAndOthersOvertakeIt() {
        exchange("dlx", "topic", Map.of());
        source(atLeastOnce());

        assertThat(host.publish("", "source", "costly", keys(MANY, Map.of()))).isTrue();
        assertThat(host.publish("", "source", "cheap", keys(2, Map.of()))).isTrue();
        later();

        assertThat(host.take("target")).hasValue("cheap");
        assertThat(host.take("target")).hasValue("costly");
        assertThat(host.take("target")).isEmpty();
        assertThat(held()).isZero();
    }

    @Test
    void manyCostlyLettersArriveOneAfterAnother() {
        exchange("dlx", "topic", Map.of());
        source(atLeastOnce());
        for (int number = 0; number < 100; number++) {
            assertThat(host.publish("", "source", "costly", keys(100, Map.of()))).isTrue();
        }

        for (int times = 0; times < 1_000 && host.ready("target") < 100; times++) {
            later();
        }
        assertThat(host.ready("target")).isEqualTo(100);
        assertThat(held()).isZero();
    }

    /** The walk found the queue in another life of it, so the letter is routed anew. */
    @Test
    void aQueueDeclaredAgainDuringTheWalkGetsTheLetterIfItIsBound() {
        exchange("dlx", "topic", Map.of());
        source(Map.of("x-max-length", new FieldValue.Int32(0)));
        host.declare("bystander", Map.of());

        host.post("", "source", "costly", keys(MANY, Map.of()));
        CompletableFuture<Long> deleted = host.api().deleteQueue("target", SteppedHost.SESSION,
                false, false);
        host.await(deleted);
        host.declare("target", Map.of());
        later();
        later();

        assertThat(host.ready("target")).isZero();
        assertThat(held()).isZero();
    }

    @Test
    void aLetterForMoreQueuesThanOneTurnTakesArrivesInAll() {
        manyTargets("dlx", Map.of());
        source(Map.of("x-max-length", new FieldValue.Int32(0)));

        assertThat(host.publish("source", "x".repeat(4_000))).isTrue();
        assertThat(reached()).isPositive().isLessThan(TARGETS);
        arriveInAll();
        assertThat(held()).isZero();
    }

    @Test
    void aLetterSentAtLeastOnceForMoreQueuesThanOneTurnTakesArrivesInAll() {
        manyTargets("dlx", Map.of());
        source(atLeastOnce());

        assertThat(host.publish("source", "x".repeat(4_000))).isTrue();
        arriveInAll();
        assertThat(held()).isZero();
    }

    @Test
    void aDelayedMessageForMoreQueuesThanOneTurnTakesArrivesInAll() {
        manyTargets("delaying", Map.of("x-delayed-type", new FieldValue.Text("fanout")));
        assertThat(host.publish("delaying", "", "x".repeat(4_000), Properties.none().withHeaders(
                FieldTable.of(Map.of("x-delay", new FieldValue.Int32(10)))))).isTrue();

        time.passNow(20);
        arriveInAll();
        assertThat(host.api().pending().count()).isZero();
    }

    private void manyTargets(String exchange, Map<String, FieldValue> arguments) {
        host.await(host.api().declareExchange(new ExchangeDeclaration(exchange,
                arguments.isEmpty() ? "fanout" : "x-delayed-message", true, false, false,
                FieldTable.of(arguments))));
        for (int index = 0; index < TARGETS; index++) {
            host.declare("wide" + index, Map.of());
            host.await(host.api().bind(new Binding(exchange, "wide" + index, true, "",
                    FieldTable.EMPTY), SteppedHost.SESSION));
        }
    }

    /** Number of targets that have the message now. */
    private long reached() {
        return host.api().inventory().queues().stream()
                .filter(it -> it.declaration().name().startsWith("wide") && it.depth().ready() > 0)
                .count();
    }

    private void arriveInAll() {
        for (int times = 0; times < 200 && host.ready("wide" + (TARGETS - 1)) == 0; times++) {
            later();
        }
        for (int index = 0; index < TARGETS; index++) {
            assertThat(host.ready("wide" + index)).isEqualTo(1);
        }
    }

    @Test
    void aDelayedMessageArrives() {
        exchange("delaying", "x-delayed-message",
                Map.of("x-delayed-type", new FieldValue.Text("topic")));
        Map<String, FieldValue> delay = Map.of("x-delay", new FieldValue.Int32(10));
        assertThat(host.publish("delaying", "k", "costly", keys(MANY, delay))).isTrue();
        assertThat(host.publish("delaying", "k", "cheap", keys(2, delay))).isTrue();

        time.passNow(20);
        later();

        assertThat(host.take("target")).hasValue("cheap");
        assertThat(host.take("target")).hasValue("costly");
        assertThat(host.take("target")).isEmpty();
        assertThat(host.api().pending().count()).isZero();
    }

    @Test
    void manyCostlyDelayedMessagesArriveOneAfterAnother() {
        exchange("delaying", "x-delayed-message",
                Map.of("x-delayed-type", new FieldValue.Text("topic")));
        for (int number = 0; number < 100; number++) {
            host.post("delaying", "k", "costly",
                    keys(100, Map.of("x-delay", new FieldValue.Int32(10))));
        }
        host.run();

        for (int times = 0; times < 1_000 && host.ready("target") < 100; times++) {
            later();
        }
        assertThat(host.ready("target")).isEqualTo(100);
        assertThat(host.api().pending().count()).isZero();
    }
}
