package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.vhost.Host.Recorder;
import io.taffrail.log.AppendResult;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A queue that fails is quarantined, keeps its messages, and does not affect others. */
class QuarantineTest {

    private final MemoryLogEngine engine = new MemoryLogEngine(InstantSource.system());
    private final Host host = new Host(engine, InstantSource.system());

    @BeforeEach
    void declare() {
        assertThat(host.declare("bad", Map.of()).ready()).isZero();
        assertThat(host.declare("good", Map.of()).ready()).isZero();
    }

    @AfterEach
    void close() {
        host.close();
        engine.close();
        host.abandon();
    }

    private AnyQueue queue(String name) {
        return ((LiveVirtualHost) host.api()).queue(name).orElseThrow();
    }

    private void fail(String name) {
        host.run(() -> queue(name).failed(new IllegalStateException("broken")));
    }

    private void reopen(String name) {
        Void _ = host.await(() -> host.api().reopenQueue(name));
    }

    @Test
    void isListedOnceWithItsCause() {
        fail("bad");
        host.run(() -> queue("bad").failed(new IllegalStateException("again")));

        assertThat(host.api().quarantined()).singleElement()
                .returns("bad", Quarantine::queue)
                .returns("/", Quarantine::virtualHost)
                .satisfies(it -> assertThat(it.cause()).contains("broken"));
    }

    @Test
    void publishesAreRejectedAndOthersGoOn() {
        fail("bad");

        assertThat(host.publish("bad", "m")).isFalse();
        assertThat(host.publish("good", "m")).isTrue();
        assertThat(host.status("good").ready()).isEqualTo(1);
    }

    @Test
    void consumersAreCancelledAndNewOnesRefused() {
        Recorder consumer = host.consume("bad", 1);
        fail("bad");

        consumer.awaitCancelled();
        assertThatThrownBy(() -> host.consume("bad", 1)).isInstanceOf(BrokerException.class)
                .hasMessageContaining("failed");
        assertThatThrownBy(() -> host.get("bad", Optional.empty()))
                .isInstanceOf(BrokerException.class);
        assertThatThrownBy(
                () -> host.await(() -> host.api().purgeQueue("bad", Host.SESSION)))
                .isInstanceOf(BrokerException.class);
    }

    @Test
    void recordsOfLogClientsAreRefused() {
        WritableLog log = host.owner().call(() -> queue("bad").asLog().orElseThrow());
        fail("bad");

        ByteBuffer batch = new BatchBuilder().add(1, null, ByteBuffer.allocate(1), List.of())
                .build();
        assertThat(host.owner().call(() -> log.append(batch)))
                .isInstanceOf(AppendResult.Refused.class);
    }

    @Test
    void isOpenedAnewWithWhatItHeld() {
        assertThat(host.publish("bad", "one")).isTrue();
        assertThat(host.publish("bad", "two")).isTrue();
        Recorder before = host.consume("bad", 1);
        host.settle(before.take().delivery()::accept);
        assertThat(before.take().body()).isEqualTo("two");
        fail("bad");

        reopen("bad");

        assertThat(host.api().quarantined()).isEmpty();
        Host.Got again = host.consume("bad", 1).take();
        assertThat(again.body()).isEqualTo("two");
        assertThat(again.redelivered()).isTrue();
        assertThat(host.publish("bad", "three")).isTrue();
    }

    @Test
    void bindingsLeadToTheQueueThatWasOpenedAnew() {
        Binding binding = new Binding("amq.direct", "bad", true, "k", FieldTable.EMPTY);
        Void _ = host.await(() -> host.api().bind(binding, Host.SESSION));
        fail("bad");
        reopen("bad");

        assertThat(host.awaitConfirm(host.send("amq.direct", "k", "m", Properties.none())))
                .isTrue();
        assertThat(host.status("bad").ready()).isEqualTo(1);
    }

    @Test
    void whatWasPublishedInTheTurnOfTheFailureIsStored() {
        host.run(() -> {
            host.postNow("bad", "m");
            queue("bad").failed(new IllegalStateException("broken"));
        });
        assertThat(host.awaitConfirm(1)).isTrue();
        reopen("bad");
        assertThat(host.status("bad").ready()).isEqualTo(1);
    }

    @Test
    void canBeDeleted() {
        fail("bad");
        long deleted = host
                .await(() -> host.api().deleteQueue("bad", Host.SESSION, false, false));
        assertThat(deleted).isZero();
        assertThat(host.api().quarantined()).isEmpty();
        assertThat(host.declare("bad", Map.of()).ready()).isZero();
        assertThat(host.publish("bad", "m")).isTrue();
    }

    @Test
    void deadLettersDoNotLeaveForAQueueThatFailedAtLeastOnce() {
        var _ = host.declare("source", Map.of(
                "x-queue-type", new FieldValue.Text("quorum"),
                "x-dead-letter-exchange", new FieldValue.Text(""),
                "x-dead-letter-routing-key", new FieldValue.Text("bad"),
                "x-dead-letter-strategy", new FieldValue.Text("at-least-once"),
                "x-overflow", new FieldValue.Text("reject-publish")));
        fail("bad");
        assertThat(host.publish("source", "m")).isTrue();
        host.run(host.consume("source", 1).take().delivery()::reject);
        assertThat(host.publish("good", "after it")).isTrue();
        long held = host.owner().call(() -> queue("source").depth().held());
        assertThat(held).isEqualTo(1);

        reopen("bad");
        assertThat(host.consume("bad", 1).take().body()).isEqualTo("m");
    }

    @Test
    void consumerThatThrowsIsCancelledAndNobodyElse() {
        Recorder cancelled = new Recorder();
        var _ = host.subscribe("good", new Consumer() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void deliver(Delivery delivery, StoredMessage message) {
                throw new IllegalStateException("no");
            }

            @Override
            public void delivered() {
                // Nothing to flush.
            }

            @Override
            public void cancelled() {
                cancelled.cancelled();
            }
        }, true, 1, Map.of());
        assertThat(host.publish("good", "m")).isTrue();
        cancelled.awaitCancelled();
        assertThat(host.api().quarantined()).isEmpty();
        Host.Got next = host.consume("good", 1).take();
        assertThat(next.body()).isEqualTo("m");
        assertThat(next.redelivered()).isTrue();
    }
}
