package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.log.memory.MemoryLogEngine;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Objects with very many bindings are removed in steps, and alternate exchanges are resolved again.
 */
class RemovalTest {

    private static final int MANY = 5_000;
    private static final int LONG_CHAIN = 50_000;

    private final Host host = new Host(new MemoryLogEngine(Clock.systemUTC()), Clock.systemUTC());

    @AfterEach
    void close() {
        host.close();
    }

    private void declare(String exchange, String type, boolean autoDelete, FieldTable arguments) {
        host.await(() -> host.api().declareExchange(new ExchangeDeclaration(exchange, type, false,
                autoDelete, false, arguments)));
    }

    private void declare(String queue) {
        var _ = host.await(() -> host.api().declareQueue(new QueueDeclaration(queue, false, false,
                false, FieldTable.EMPTY), Host.SESSION));
    }

    private void bind(String exchange, String destination, boolean toQueue, int number) {
        host.await(() -> host.api().bind(new Binding(exchange, destination, toQueue, "1",
                FieldTable.of(Map.of("number", new FieldValue.Int32(number)))), Host.SESSION));
    }

    private CompletableFuture<?> delete(boolean queue) {
        return queue
                ? host.api().deleteQueue("q", Host.SESSION, false, false)
                : host.api().deleteExchange("x", false);
    }

    private long bindings() {
        return host.owner().call(() -> host.api().inventory().bindings().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "fanout", "topic", "headers", "x-consistent-hash",
        "x-modulus-hash"})
    void queueAndExchangeWithManyBindingsGoInStepsAndLeaveNothing(String type) {
        long before = bindings();
        for (boolean queueFirst : new boolean[]{true, false}) {
            declare("x", type, false, FieldTable.EMPTY);
            declare("q");
            for (int number = 0; number < MANY; number++) {
                bind("x", "q", true, number);
            }
            boolean first = queueFirst;
            CompletableFuture<?> deleted = host.owner().call(() -> {
                CompletableFuture<?> begun = delete(first);
                assertThat(begun).as("done in one task").isNotDone();
                return begun;
            });
            deleted.join();
            assertThat(bindings()).isEqualTo(before);
            host.await(() -> delete(!first).thenApply(_ -> null));
        }
    }

    @Test
    void exchangeIsFoundWithAllItsBindingsOrNotAtAll() {
        declare("x", "fanout", false, FieldTable.EMPTY);
        declare("before", "fanout", false, FieldTable.EMPTY);
        declare("q");
        bind("before", "x", false, 0);
        for (int number = 0; number < MANY; number++) {
            bind("x", "q", true, number);
        }
        CompletableFuture<?> checked = host.owner().call(() -> {
            CompletableFuture<?> deleted = delete(false);
            look(deleted);
            CompletableFuture<Void> next = host.api().checkExchange("before");
            assertThat(next).as("the next change waits").isNotDone();
            return CompletableFuture.allOf(deleted, next);
        });
        while (!checked.isDone()) {
            host.run(() -> look(checked));
        }
        checked.join();
        assertThat(bindings()).isZero();
    }

    /** On the owner's thread, between two steps of the deletion. */
    private void look(CompletableFuture<?> deleted) {
        boolean found = host.api().inventory().exchanges().stream()
                .anyMatch(each -> each.name().equals("x"));
        if (found) {
            assertThat(deleted).isNotDone();
            assertThat(host.api().inventory().bindings()).hasSize(MANY + 1);
        }
    }

    @Test
    void exchangeThatIsBoundToItselfIsDeleted() {
        host.await(() -> host.api().declareExchange(new ExchangeDeclaration("x", "fanout", true,
                false, false, FieldTable.EMPTY)));
        bind("x", "x", false, 0);

        host.await(() -> host.api().deleteExchange("x", false));

        assertThat(bindings()).isZero();
    }

    @Test
    void chainOfAutoDeleteExchangesGoesHoweverLongItIs() {
        declare("q");
        for (int number = 0; number < LONG_CHAIN; number++) {
            declare("x" + number, "fanout", true, FieldTable.EMPTY);
            bind("x" + number, number == 0 ? "q" : "x" + (number - 1), number == 0, 0);
        }

        host.await(() -> delete(true).thenApply(_ -> null));

        assertThat(bindings()).isZero();
        assertThat(host.owner().call(() -> host.api().inventory().exchanges()))
                .noneMatch(each -> each.name().startsWith("x"));
    }

    @Test
    void alternateExchangeIsTheOneThatIsThere() {
        FieldTable toAlternate = FieldTable
                .of(Map.of("alternate-exchange", new FieldValue.Text("other")));
        declare("first", "direct", false, toAlternate);
        declare("second", "direct", false, toAlternate);
        declare("q");
        assertThat(routed("first")).isFalse();
        for (int round = 0; round < 2; round++) {
            declare("other", "fanout", false, FieldTable.EMPTY);
            bind("other", "q", true, round);
            assertThat(routed("first")).isTrue();
            assertThat(routed("second")).isTrue();
            host.await(() -> host.api().deleteExchange("other", false));
            assertThat(routed("first")).isFalse();
        }
        host.await(() -> host.api().deleteExchange("first", false));
        declare("other", "fanout", false, FieldTable.EMPTY);
        bind("other", "q", true, 9);
        assertThat(routed("second")).isTrue();
    }

    private boolean routed(String exchange) {
        return host.owner().call(() -> host.api().publisher(new Host.Confirms()).publish(1,
                new Message(exchange, "nowhere", Properties.none(),
                        ByteBuffer.allocate(0)))) == PublishOutcome.ROUTED;
    }

    @Test
    void exchangesThatAreBoundInACircleAreGoneAlsoAfterARestart() {
        ManualTime time = new ManualTime();
        MemoryLogEngine engine = new MemoryLogEngine(time);
        SteppedHost before = new SteppedHost(engine, time);
        for (String exchange : List.of("x", "y")) {
            before.await(before.api().declareExchange(new ExchangeDeclaration(exchange, "fanout",
                    true, exchange.equals("y"), false, FieldTable.EMPTY)));
        }
        for (String ends : List.of("xx", "xy", "yx", "yy")) {
            before.await(before.api().bind(new Binding(ends.substring(0, 1), ends.substring(1),
                    false, "", FieldTable.EMPTY), SteppedHost.SESSION));
        }

        before.await(before.api().unbind(new Binding("y", "y", false, "", FieldTable.EMPTY),
                SteppedHost.SESSION));
        before.await(before.api().deleteExchange("x", false));

        engine = engine.restart();
        SteppedHost after = new SteppedHost(engine, time);
        assertThat(after.api().inventory().bindings()).isEmpty();
        assertThat(after.api().inventory().exchanges())
                .noneMatch(it -> it.name().equals("x") || it.name().equals("y"));
        after.close();
        engine.close();
    }
}
