package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.HeldStore;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.MetaStore.Change;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A deletion that the metadata store refuses, or has not answered, leaves every object as it was.
 */
class RefusedDeletionTest {

    private static final String REFUSED = "not stored, as told";
    private static final Binding BINDING = new Binding("x", "q", true, "k", FieldTable.EMPTY);

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine memory = new MemoryLogEngine(time);
    private final HeldStore store = new HeldStore(memory.metaStore());
    private final SteppedHost host = new SteppedHost(store.in(memory), time);
    private long before;

    /** How the store refuses a change: with a failed future, or with an exception. */
    static Stream<Arguments> refusals() {
        Predicate<Change> fails = _ -> true;
        Predicate<Change> throwing = _ -> {
            throw new IllegalStateException(REFUSED);
        };
        return Stream.of(Arguments.argumentSet("fails", fails),
                Arguments.argumentSet("throws", throwing));
    }

    @BeforeEach
    void declare() {
        host.declare("q", Map.of());
        declareExchange("x", true);
        bind(BINDING);
        before = space();
    }

    @AfterEach
    void close() {
        host.close();
        memory.close();
    }

    private void declareExchange(String name, boolean autoDelete) {
        var _ = host.await(host.api().declareExchange(new ExchangeDeclaration(name, "direct", true,
                autoDelete, false, FieldTable.EMPTY)));
    }

    private void bind(Binding binding) {
        var _ = host.await(host.api().bind(binding, SteppedHost.SESSION));
    }

    private long space() {
        return ((LiveVirtualHost) host.api()).definitions().heldBytes();
    }

    private boolean hasExchange() {
        return host.api().inventory().exchanges().stream()
                .anyMatch(it -> it.name().equals("x"));
    }

    private boolean has(String queue) {
        return ((LiveVirtualHost) host.api()).queue(queue).isPresent();
    }

    private CompletableFuture<Long> deleteQueue() {
        return host.api().deleteQueue("q", SteppedHost.SESSION, false, false);
    }

    private void isRefused(CompletableFuture<?> change) {
        assertThatThrownBy(() -> host.await(change)).hasStackTraceContaining(REFUSED);
        isAsBefore();
        store.fail(_ -> false);
    }

    private void isAsBefore() {
        assertThat(host.api().inventory().bindings()).containsExactly(BINDING);
        assertThat(hasExchange()).isTrue();
        assertThat(space()).isEqualTo(before);
        long ready = host.ready("q");
        assertThat(host.publish("x", "k", "routed", Properties.none())).isTrue();
        assertThat(host.ready("q")).isEqualTo(ready + 1);
    }

    private void nothingIsLeft(String... kinds) {
        for (String kind : kinds) {
            assertThat(memory.metaStore().children("vhost/%2F/" + kind + "/")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void bindingStays(Predicate<Change> refusal) {
        store.fail(refusal);

        isRefused(host.api().unbind(BINDING, SteppedHost.SESSION));

        var _ = host.await(host.api().unbind(BINDING, SteppedHost.SESSION));
        assertThat(hasExchange()).as("an auto-delete exchange without bindings").isFalse();
        nothingIsLeft("binding", "exchange");
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void exchangeStays(Predicate<Change> refusal) {
        store.fail(refusal);

        isRefused(host.api().deleteExchange("x", false));

        var _ = host.await(host.api().deleteExchange("x", false));
        assertThat(hasExchange()).isFalse();
        nothingIsLeft("binding", "exchange");
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void queueStaysWithItsMessagesAndConsumers(Predicate<Change> refusal) {
        List<String> got = host.consume("q", 1);
        assertThat(host.publish("q", "one")).isTrue();
        assertThat(host.publish("q", "two")).isTrue();
        store.fail(refusal);

        isRefused(deleteQueue());

        assertThat(got).containsExactly("one");
        assertThat(host.await(deleteQueue())).isEqualTo(2);
        host.run();
        assertThat(got).containsExactly("one", "cancelled");
        assertThat(has("q")).isFalse();
        nothingIsLeft("binding", "exchange", "queue");
        assertThat(memory.logs()).noneMatch(log -> log.value().startsWith("@queue-"));
    }

    @Test
    void queueIsInUseUntilItsDeletionIsStoredAndIsDeclaredAgainAfterThat() {
        store.hold();
        CompletableFuture<Long> deleted = deleteQueue();
        CompletableFuture<QueueStatus> declared = host.api().declareQueue(
                new QueueDeclaration("q", true, false, false, FieldTable.EMPTY),
                SteppedHost.SESSION);
        host.run();
        assertThat(deleted).isNotDone();
        assertThat(host.publish("q", "during")).isTrue();
        assertThat(host.publish("x", "k", "during", Properties.none())).isTrue();
        assertThat(host.take("q")).contains("during");
        assertThat(declared).isNotDone();

        store.release();

        assertThat(host.await(deleted)).isZero();
        assertThat(host.await(declared).ready()).isZero();
        assertThat(hasExchange()).isFalse();
        assertThat(host.api().inventory().bindings()).isEmpty();
        assertThat(host.publish("q", "after")).isTrue();
    }

    @Test
    void exchangeIsInUseUntilItsDeletionIsStored() {
        store.hold();
        CompletableFuture<Void> deleted = host.api().deleteExchange("x", false);
        CompletableFuture<Void> checked = host.api().checkExchange("x");
        host.run();
        isAsBefore();

        store.release();

        var _ = host.await(deleted);
        assertThatThrownBy(() -> host.await(checked)).hasMessageContaining("no exchange 'x'");
        assertThat(hasExchange()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void autoDeleteQueueIsDeletedAsSoonAsTheStoreTakesIt(Predicate<Change> refusal) {
        var _ = host.await(host.api().declareQueue(
                new QueueDeclaration("auto", true, false, true, FieldTable.EMPTY),
                SteppedHost.SESSION));
        Subscription first = subscribe("auto");
        store.fail(refusal);
        first.cancel();
        host.run();
        assertThat(has("auto")).isTrue();
        pass(AutomaticDeletions.RETRY_MS);
        assertThat(has("auto")).isTrue();

        Subscription second = subscribe("auto");
        store.fail(_ -> false);
        pass(AutomaticDeletions.RETRY_MS);
        assertThat(has("auto")).as("a queue that has a consumer again").isTrue();

        store.fail(refusal);
        second.cancel();
        host.run();
        store.fail(_ -> false);
        pass(AutomaticDeletions.RETRY_MS);
        assertThat(has("auto")).isFalse();
        assertThat(memory.metaStore().children("vhost/%2F/queue/")).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void expiredQueueIsDeletedUnlessItIsUsedAgain(Predicate<Change> refusal) {
        long expiresMs = 10 * AutomaticDeletions.RETRY_MS;
        host.declare("old", Map.of("x-expires", new FieldValue.Int64(expiresMs)));
        host.declare("used", Map.of("x-expires", new FieldValue.Int64(expiresMs)));
        store.fail(refusal);
        pass(expiresMs);
        assertThat(has("old")).isTrue();
        assertThat(host.take("used")).isEmpty();
        store.fail(_ -> false);

        pass(AutomaticDeletions.RETRY_MS);

        assertThat(has("old")).isFalse();
        assertThat(has("used")).isTrue();
        pass(expiresMs);
        assertThat(has("used")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void exclusiveQueueIsDeletedAsSoonAsTheStoreTakesWhatGoesWithIt(Predicate<Change> refusal) {
        Session session = new Session("gone");
        var _ = host.await(host.api().declareQueue(
                new QueueDeclaration("own", false, true, false, FieldTable.EMPTY), session));
        declareExchange("y", true);
        var _ = host.await(host.api().bind(new Binding("y", "own", true, "", FieldTable.EMPTY),
                session));
        store.fail(refusal);
        host.api().closed(session);
        host.run();
        assertThat(has("own")).isTrue();
        store.fail(_ -> false);

        pass(AutomaticDeletions.RETRY_MS);

        assertThat(has("own")).isFalse();
        assertThat(memory.metaStore().children("vhost/%2F/exchange/")).hasSize(1);
        assertThat(space()).isEqualTo(before);
    }

    private void pass(long ms) {
        time.passNow(ms);
        host.run();
    }

    private Subscription subscribe(String queue) {
        return host.await(host.api().consume(queue, new ConsumerOptions("c", SteppedHost.SESSION,
                true, false, List.of(), FieldTable.EMPTY), new Consumer() {
                    @Override
                    public boolean isReady() {
                        return true;
                    }

                    @Override
                    public void deliver(Delivery delivery,
                            StoredMessage message) {
                        throw new AssertionError("nothing was published");
                    }

                    @Override
                    public void delivered() {
                        // Nothing to flush.
                    }

                    @Override
                    public void cancelled() {
                        // The test looks at the queue.
                    }
                }));
    }
}
