package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.schedule.ThreadTimers;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Creating and deleting virtual hosts. */
class VirtualHostsTest {

    private final List<OwnerThread> owners = List.of(new OwnerThread(), new OwnerThread());
    private final ThreadTimers timers = new ThreadTimers();
    private MemoryLogEngine engine = new MemoryLogEngine(InstantSource.system());
    private LiveVirtualHosts hosts = open();

    private LiveVirtualHosts open() {
        return LiveVirtualHosts.open(engine, engine.metaStore().acquire("test").join(),
                List.copyOf(owners), InstantSource.system(), timers::of,
                () -> UUID.randomUUID().toString().substring(0, 22));
    }

    @AfterEach
    void close() {
        hosts.close();
        timers.close();
        engine.close();
        owners.forEach(OwnerThread::close);
    }

    private void create(String name) {
        var _ = OwnerThread.await(hosts.create(name));
    }

    private QueueStatus declare(String host) {
        VirtualHost found = hosts.find(host).orElseThrow();
        OwnerThread owner = owners.stream().filter(found.owner()::equals).findFirst()
                .orElseThrow();
        return OwnerThread.await(owner.call(() -> found.declareQueue(
                new QueueDeclaration("q", true, false, false, FieldTable.EMPTY), Host.SESSION)));
    }

    @Test
    void hostsAreSpreadOverOwnersAndSurviveARestart() {
        create("one");
        create("two words/ü");
        create("one");
        assertThat(hosts.find("one").orElseThrow().owner())
                .isNotEqualTo(hosts.find("/").orElseThrow().owner());
        assertThat(declare("one").ready()).isZero();

        hosts.close();
        engine = engine.restart();
        hosts = open();

        assertThat(hosts.all()).extracting(VirtualHost::name)
                .containsExactly("/", "one", "two words/ü");
        assertThat(engine.logs().stream().filter(log -> log.value().startsWith("@queue-")))
                .hasSize(1);
    }

    @Test
    void deletedHostTakesEverythingAlong() {
        create("one");
        VirtualHost one = hosts.find("one").orElseThrow();
        assertThat(declare("one").ready()).isZero();
        assertThat(declare("/").ready()).isZero();
        CompletableFuture<Void> told = new CompletableFuture<>();
        var _ = CompletableFuture.supplyAsync(() -> one.onEnd(new EndListener() {
            @Override
            public void deleted() {
                told.complete(null);
            }

            @Override
            public void failed(String detail) {
                told.completeExceptionally(new AssertionError(detail));
            }
        }), one.owner()).join();

        var _ = OwnerThread.await(hosts.delete("one"));

        assertThat(told).isDone();
        assertThat(hosts.find("one")).isEmpty();
        assertThat(engine.logs().stream().filter(log -> log.value().startsWith("@queue-")))
                .hasSize(1);
        assertThatThrownBy(() -> OwnerThread.await(hosts.delete("one")))
                .hasMessageContaining("no virtual host 'one'");
        hosts.close();
        engine = engine.restart();
        hosts = open();
        assertThat(hosts.all()).extracting(VirtualHost::name).containsExactly("/");
    }

    private QueueType typeOf(String host, boolean durable, boolean exclusive) {
        VirtualHost found = hosts.find(host).orElseThrow();
        OwnerThread owner = owners.stream().filter(found.owner()::equals).findFirst()
                .orElseThrow();
        String name = "q-" + durable + exclusive;
        var _ = OwnerThread.await(owner.call(() -> found.declareQueue(
                new QueueDeclaration(name, durable, exclusive, false, FieldTable.EMPTY),
                Host.SESSION)));
        return OwnerThread.await(owner.call(() -> CompletableFuture.completedFuture(
                found.inventory().queues().stream()
                        .filter(it -> it.declaration().name().equals(name))
                        .findFirst().orElseThrow().type())));
    }

    @Test
    void queuesGetTheDefaultTypeOfTheirHostWhereTheyMayHaveIt() {
        var _ = OwnerThread.await(hosts.create("one", Optional.of(QueueType.QUORUM)));
        var _ = OwnerThread.await(hosts.create("/", Optional.of(QueueType.STREAM)));
        create("two");
        create("one");
        hosts.close();
        engine = engine.restart();
        hosts = open();

        assertThat(hosts.find("one").orElseThrow().defaultQueueType()).contains(QueueType.QUORUM);
        assertThat(hosts.find("two").orElseThrow().defaultQueueType()).isEmpty();
        assertThat(typeOf("one", true, false)).isEqualTo(QueueType.QUORUM);
        assertThat(typeOf("one", false, false)).isEqualTo(QueueType.CLASSIC);
        assertThat(typeOf("one", true, true)).isEqualTo(QueueType.CLASSIC);
        assertThat(typeOf("/", true, false)).isEqualTo(QueueType.STREAM);
        assertThat(typeOf("two", true, false)).isEqualTo(QueueType.CLASSIC);
    }
}
