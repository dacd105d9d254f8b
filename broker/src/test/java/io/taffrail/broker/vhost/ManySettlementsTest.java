package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.ManySettlements;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.Settlement;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.log.memory.MemoryLogEngine;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many deliveries are settled in steps, and no message overtakes requeued ones. */
class ManySettlementsTest {

    private static final int MANY = 5_000;
    private static final int LATER = 10;

    private final Host host = new Host(new MemoryLogEngine(Clock.systemUTC()), Clock.systemUTC());
    private final Host.Recorder first = new Host.Recorder();
    /** Deliveries in flight to the first consumer. */
    private final List<Delivery> deliveries = new ArrayList<>();

    @AfterEach
    void close() {
        host.close();
    }

    /** Creates a consumer with many deliveries in flight, and publishes more than it takes. */
    private Subscription held(Map<String, FieldValue> arguments) {
        var _ = host.declare("q", arguments);
        publish(0, MANY);
        Subscription subscription = host.subscribe("q", first, true, 0, Map.of());
        first.take(MANY).forEach(got -> deliveries.add(got.delivery()));
        first.ready(false);
        publish(MANY, MANY + LATER);
        return subscription;
    }

    private void publish(int from, int to) {
        for (int number = from; number < to; number++) {
            host.post("q", Integer.toString(number));
        }
        assertThat(host.awaitConfirm(host.lastTag())).isTrue();
    }

    private static List<String> numbers(int to) {
        return IntStream.range(0, to).mapToObj(Integer::toString).toList();
    }

    private static List<String> bodies(List<Host.Got> got) {
        return got.stream().map(Host.Got::body).toList();
    }

    @Test
    void messagesOfAConsumerThatLeavesComeBeforeThoseThatWaited() {
        Subscription subscription = held(Map.of());
        Host.Recorder second = host.consume("q", 1);
        List<QueueStatus> found = new ArrayList<>();
        host.run(() -> {
            second.ready(true);
            subscription.close();
            var _ = host.api().checkQueue("q", Host.SESSION).thenAccept(found::add);
        });
        assertThat(found.getFirst().ready()).as("while they go back").isGreaterThanOrEqualTo(
                MANY + LATER - 1);

        List<Host.Got> got = new ArrayList<>();
        for (int count = 0; count < MANY + LATER; count++) {
            Host.Got next = second.take();
            got.add(next);
            host.run(next.delivery()::accept);
        }
        // The delivery made before the other consumer left did not overtake a ready message.
        assertThat(got.removeFirst().body()).isEqualTo(Integer.toString(MANY));
        List<String> rest = new ArrayList<>(numbers(MANY + LATER));
        rest.remove(Integer.toString(MANY));
        assertThat(bodies(got)).isEqualTo(rest);
    }

    @ParameterizedTest
    @EnumSource(Settlement.class)
    void manyAreSettledInSteps(Settlement settlement) {
        var _ = host.declare("dead", Map.of());
        var _ = held(
                Map.of("x-dead-letter-exchange", new FieldValue.Text(""),
                        "x-dead-letter-routing-key",
                        new FieldValue.Text("dead")));
        CompletableFuture<Void> settled = host.owner().call(() -> {
            CompletableFuture<Void> begun = ManySettlements.settle(deliveries, settlement);
            assertThat(begun).as("done in one task").isNotDone();
            return begun;
        });
        settled.join();

        assertThat(host.status("q").ready())
                .isEqualTo(settlement == Settlement.REQUEUE ? MANY + LATER : LATER);
        assertThat(host.status("dead").ready())
                .isEqualTo(settlement == Settlement.REJECT ? MANY : 0);
        if (settlement == Settlement.REJECT) {
            assertThat(bodies(host.consume("dead", 0).take(MANY))).isEqualTo(numbers(MANY));
        }
    }

    @Test
    void whoAsksMeanwhileIsAnsweredWhenAllAreBack() {
        Subscription subscription = held(Map.of());
        long[] purged = new long[1];
        CompletableFuture<Void> done = host.owner().call(() -> {
            subscription.close();
            return host.api().purgeQueue("q", Host.SESSION).thenAccept(it -> purged[0] = it);
        });
        done.join();

        assertThat(purged[0]).isEqualTo(MANY + LATER);
        assertThat(host.get("q", Optional.empty())).isEmpty();
    }
}
