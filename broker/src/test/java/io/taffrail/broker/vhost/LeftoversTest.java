package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.HeldStore;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.schedule.ThreadTimers;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A queue with more bindings than one commit removes is deleted as a whole. */
class LeftoversTest {

    /** Each key of the host's objects has more than 2,000 bytes. */
    private static final String HOST = "€".repeat(255);
    /** Bindings that need three commits. */
    private static final int MANY = 1_200;
    /** Deletions that the store takes before it fails: those of the first commit. */
    private static final int TAKEN = 600;

    private final OwnerThread owner = new OwnerThread();
    private final ThreadTimers timers = new ThreadTimers();
    private final MemoryLogEngine memory = new MemoryLogEngine(InstantSource.system());
    private final HeldStore store = new HeldStore(memory.metaStore());
    private LiveVirtualHosts hosts = open(store.in(memory));

    @BeforeEach
    void fill() {
        var _ = OwnerThread.await(hosts.create(HOST));
        var _ = OwnerThread.await(declare());
        var _ = OwnerThread.await(begin(it -> it.declareExchange(new ExchangeDeclaration("x",
                "direct", true, false, false, FieldTable.EMPTY))));
        List<CompletableFuture<Void>> bound = new ArrayList<>();
        for (int number = 0; number < MANY; number++) {
            Binding binding = new Binding("x", "q", true, "k" + number, FieldTable.EMPTY);
            bound.add(begin(it -> it.bind(binding, Host.SESSION)));
        }
        var _ = OwnerThread.await(
                CompletableFuture.allOf(bound.toArray(CompletableFuture[]::new)));
        assertThat(stored(memory.metaStore())).isEqualTo(MANY);
    }

    @AfterEach
    void close() {
        hosts.close();
        timers.close();
        memory.close();
        owner.close();
    }

    private LiveVirtualHosts open(LogEngine engine) {
        return OwnerThread.await(LiveVirtualHosts.opening(engine,
                engine.metaStore().acquire("test").join(), List.of(owner), InstantSource.system(),
                timers::of, () -> UUID.randomUUID().toString().substring(0, 22),
                new HostOptions(0, null, null, DefinitionSpace.ofHeap())));
    }

    private <T> CompletableFuture<T> begin(Function<VirtualHost, CompletableFuture<T>> request) {
        return owner.call(() -> request.apply(hosts.find(HOST).orElseThrow()));
    }

    private CompletableFuture<?> declare() {
        return begin(it -> it.declareQueue(
                new QueueDeclaration("q", true, false, false, FieldTable.EMPTY), Host.SESSION));
    }

    private void delete() {
        long messages = OwnerThread
                .await(begin(it -> it.deleteQueue("q", Host.SESSION, false, false)));
        assertThat(messages).isZero();
    }

    private static int stored(MetaStore in) {
        return (int) in.children("vhost/").keySet().stream()
                .filter(it -> it.contains("/binding/")).count();
    }

    private int bindings() {
        return owner.call(() -> hosts.find(HOST).orElseThrow().inventory().bindings().size());
    }

    /** Deletes the queue while the store takes one commit and no more. */
    private void deleteInPart() {
        AtomicInteger deletions = new AtomicInteger();
        store.fail(change -> change instanceof Change.Delete
                && deletions.incrementAndGet() > TAKEN);
        delete();
        assertThat(bindings()).isZero();
        assertThat(stored(memory.metaStore())).isBetween(MANY - TAKEN, MANY - 1);
        assertThat(memory.metaStore().children("vhost/").keySet())
                .noneMatch(it -> it.contains("/queue/"));
    }

    @Test
    void allBindingsGo() {
        delete();

        assertThat(bindings()).isZero();
        assertThat(stored(memory.metaStore())).isZero();
    }

    @Test
    void queueIsNotDeclaredAgainBeforeItsBindingsHaveGone() {
        deleteInPart();
        assertThatThrownBy(() -> OwnerThread.await(declare()))
                .hasStackTraceContaining("not stored, as told");
        assertThatThrownBy(() -> OwnerThread
                .await(begin(it -> it.checkQueue("q", Host.SESSION))))
                .hasMessageContaining("no queue 'q'");
        store.fail(_ -> false);

        var _ = OwnerThread.await(declare());

        assertThat(stored(memory.metaStore())).isZero();
        assertThat(bindings()).isZero();
    }

    @Test
    void nextStartRemovesTheRest() {
        deleteInPart();
        hosts.close();

        try (MemoryLogEngine engine = memory.restart()) {
            hosts = open(engine);

            assertThat(bindings()).isZero();
            assertThat(stored(engine.metaStore())).isZero();
            var _ = OwnerThread.await(declare());
            hosts.close();
            hosts = open(engine);
            assertThat(bindings()).isZero();
            hosts.close();
        }
    }
}
