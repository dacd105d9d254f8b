package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.Refusal;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The byte count of a queue around a purge: exact, whatever happens before the purge is done. */
class PurgeBytesTest {

    private static final int LIMIT = 10;

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine engine = new MemoryLogEngine(time);
    private final SteppedHost host = new SteppedHost(engine, time);

    @BeforeEach
    void declare() {
        host.declare("q", Map.of("x-max-length-bytes", new FieldValue.Int32(LIMIT), "x-overflow",
                new FieldValue.Text("reject-publish")));
    }

    private CompletableFuture<Long> purge() {
        return host.api().purgeQueue("q", SteppedHost.SESSION);
    }

    /** Asserts that the queue takes exactly {@code bytes} more. */
    private void hasRoomFor(int bytes) {
        host.run();
        assertThat(host.publish("q", "x".repeat(bytes + 1))).isFalse();
        if (bytes > 0) {
            assertThat(host.publish("q", "x".repeat(bytes))).isTrue();
        }
        assertThat(host.publish("q", "x")).isFalse();
    }

    @Test
    void whatCameBeforeInARefusedTurnIsNotTakenFromWhatCameAfter() {
        engine.failNextAppend(Refusal.OVERLOADED);
        long refused = host.send("q", "12345");
        CompletableFuture<Long> purged = purge();
        long after = host.send("q", "123");

        assertThat(host.await(purged)).isZero();
        host.run();
        assertThat(host.isRejected(refused)).isTrue();
        assertThat(host.isRejected(after)).isFalse();
        hasRoomFor(LIMIT - 3);
    }

    @Test
    void aRefusedTurnOfWhatCameAfterCountsForNothing() {
        engine.holdDurability();
        host.post("q", "12345");
        CompletableFuture<Long> purged = purge();
        engine.failNextAppend(Refusal.OVERLOADED);
        host.post("q", "123");
        host.run();
        host.post("q", "12");
        host.run();
        engine.releaseDurability();

        assertThat(host.await(purged)).isEqualTo(1);
        hasRoomFor(LIMIT - 2);
    }

    @Test
    void whatCameAfterAndWasHandedOutIsNotCounted() {
        List<String> got = host.consume("q", 2);
        host.run();
        engine.holdDurability();
        host.post("q", "1");
        host.run();
        CompletableFuture<Long> purged = purge();
        host.post("q", "2345");
        host.post("q", "67");
        host.run();
        engine.releaseDurability();

        assertThat(host.await(purged)).isZero();
        host.run();
        assertThat(got).containsExactly("1", "2345");
        hasRoomFor(LIMIT - 2);
    }

    @Test
    void whatCameBackAfterItWasAskedForIsCounted() {
        assertThat(host.publish("q", "12")).isTrue();
        assertThat(host.publish("q", "345")).isTrue();
        List<Delivery> held = new ArrayList<>();
        GetHolder holder = new GetHolder(List.of());
        host.get("q", Optional.of(holder), new ArrayList<>(), held);
        engine.holdDurability();
        host.post("q", "6");
        CompletableFuture<Long> purged = purge();
        host.post("q", "7890");
        host.run();
        held.getFirst().requeue();
        engine.releaseDurability();

        assertThat(host.await(purged)).isEqualTo(3);
        hasRoomFor(LIMIT - 4);
    }

    /** A dead letter to be stored again after a refusal stays, behind the purge. */
    @Test
    void aLetterOfARefusedTurnIsStoredBehindThePurgeAndCounts() {
        host.declare("source", Map.of("x-dead-letter-exchange", new FieldValue.Text(""),
                "x-dead-letter-routing-key", new FieldValue.Text("q")));
        assertThat(host.publish("source", "1234")).isTrue();
        List<Delivery> held = new ArrayList<>();
        host.get("source", Optional.of(new GetHolder(List.of())), new ArrayList<>(), held);
        host.run();
        engine.failNextAppend(Refusal.OVERLOADED);
        held.getFirst().reject();
        CompletableFuture<Long> purged = purge();
        host.run();
        time.passNow(Turn.AGAIN_MS);
        host.run();

        assertThat(host.await(purged)).isZero();
        assertThat(host.ready("q")).isEqualTo(1);
        hasRoomFor(LIMIT - 4);
    }
}
