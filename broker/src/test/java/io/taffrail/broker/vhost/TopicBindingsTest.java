package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.HeldStore;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.MetaStore.Change;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bindings of clients to the stream of a topic. */
class TopicBindingsTest {

    private static final Binding BINDING = new Binding("amq.direct", "t-0", true, "k",
            FieldTable.EMPTY);

    private final OwnerThread owner = new OwnerThread();
    private MemoryLogEngine memory = new MemoryLogEngine(InstantSource.system());
    private HeldStore store = new HeldStore(memory.metaStore());
    private Broker broker = open();

    @BeforeEach
    void bind() {
        assertThat(broker.topics().create(NewTopic.of("t", 1, Map.of())).join())
                .isInstanceOf(TopicOutcome.Done.class);
        var _ = OwnerThread.await(begin(it -> it.bind(BINDING, Host.SESSION)));
    }

    @AfterEach
    void close() {
        broker.close();
        memory.close();
        owner.close();
    }

    private Broker open() {
        return Broker.open(store.in(memory), BrokerConfig.defaults(), List.of(owner),
                InstantSource.system());
    }

    private void restart() {
        broker.close();
        memory = memory.restart();
        store = new HeldStore(memory.metaStore());
        broker = open();
    }

    private <T> CompletableFuture<T> begin(Function<VirtualHost, CompletableFuture<T>> request) {
        return owner.call(() -> request.apply(broker.virtualHosts().find("/").orElseThrow()));
    }

    private boolean isBound() {
        return owner.call(() -> broker.virtualHosts().find("/").orElseThrow().inventory()
                .bindings().contains(BINDING));
    }

    private int stored() {
        return memory.metaStore().children("vhost/%2F/binding/").size();
    }

    private void deleteTopicInPart() {
        store.fail(change -> change instanceof Change.Delete
                && change.key().contains("/binding/"));
        assertThat(broker.topics().delete("t").join()).isInstanceOf(TopicOutcome.Done.class);
        assertThat(isBound()).isFalse();
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void surviveARestart() {
        restart();

        assertThat(isBound()).isTrue();
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void ofADeletedTopicGoBeforeTheNextObjectIsStored() {
        deleteTopicInPart();
        store.fail(_ -> false);

        var _ = OwnerThread.await(begin(it -> it.declareQueue(
                new QueueDeclaration("q", true, false, false, FieldTable.EMPTY), Host.SESSION)));

        assertThat(stored()).isZero();
    }

    @Test
    void ofADeletedTopicGoAtTheNextStart() {
        deleteTopicInPart();

        restart();

        assertThat(stored()).isZero();
    }
}
