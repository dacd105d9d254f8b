package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.Refusal;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A purge is answered when a crash can no longer bring the messages back. */
class DurablePurgeTest {

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine engine = new MemoryLogEngine(time);
    private final SteppedHost host = new SteppedHost(engine, time);

    @BeforeEach
    void fill() {
        host.declare("q", Map.of());
        assertThat(host.publish("q", "1")).isTrue();
        assertThat(host.publish("q", "2")).isTrue();
        host.run();
    }

    private CompletableFuture<Long> purge() {
        return host.api().purgeQueue("q", SteppedHost.SESSION);
    }

    @Test
    void isAnsweredWhenItIsDurable() {
        engine.holdDurability();
        CompletableFuture<Long> purged = purge();
        host.run();
        time.passNow(Turn.PATIENCE_MS);
        host.run();
        assertThat(purged).isNotDone();

        engine.releaseDurability();
        assertThat(host.await(purged)).isEqualTo(2);
    }

    @Test
    void anotherPurgeOfTheSameMessagesWaitsToo() {
        engine.holdDurability();
        CompletableFuture<Long> first = purge();
        CompletableFuture<Long> second = purge();
        host.run();
        assertThat(second).isNotDone();

        engine.releaseDurability();
        assertThat(host.await(first)).isEqualTo(2);
        assertThat(host.await(second)).isZero();
    }

    @Test
    void waitsOutAnOverload() {
        engine.failNextAppend(Refusal.OVERLOADED);
        CompletableFuture<Long> purged = purge();
        host.run();
        assertThat(purged).isNotDone();

        time.passNow(Turn.AGAIN_MS);
        assertThat(host.await(purged)).isEqualTo(2);
    }

    @Test
    void failsWithItsLog() {
        engine.failNextAppend(Refusal.STORAGE_FAILED);
        CompletableFuture<Long> purged = purge();
        host.run();

        assertThatThrownBy(purged::join).isInstanceOf(CompletionException.class)
                .hasMessageContaining("'q'");
        var _ = host.await(host.api().reopenQueue("q"));
        assertThat(host.ready("q")).isEqualTo(2);
    }

    @Test
    void failsOnAFullDiskAndKeepsNothingElseWaiting() {
        engine.failNextAppend(Refusal.DISK_FULL);
        CompletableFuture<Long> purged = purge();
        host.run();

        assertThatThrownBy(purged::join).hasCauseInstanceOf(BrokerException.class)
                .hasMessageContaining("is not stored");
        assertThat(host.ready("q")).isZero();
    }
}
