package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.queue.Queue;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dead letter or delayed message for several queues, one of which fails as it takes it. */
class FailingTargetTest {

    private static final List<String> TARGETS = List.of("a", "b", "c");

    /** A clock that fails a queue as it takes a message. */
    private static final class FaultyClock implements InstantSource {

        private final CompletableFuture<Void> failed = new CompletableFuture<>();
        private final AtomicInteger left = new AtomicInteger();

        /** Fails the queue that takes a message as the {@code number}th from now on. */
        void fail(int number) {
            left.set(number);
        }

        @Override
        public Instant instant() {
            if (left.get() > 0 && isTaking() && left.decrementAndGet() == 0) {
                failed.complete(null);
                throw new IllegalStateException("thrown by a test");
            }
            return InstantSource.system().instant();
        }

        private static boolean isTaking() {
            return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                    .walk(frames -> frames.anyMatch(
                            frame -> frame.getDeclaringClass().equals(Queue.class)
                                    && frame.getMethodName().equals("storeMoved")));
        }
    }

    private final FaultyClock clock = new FaultyClock();
    private final MemoryLogEngine engine = new MemoryLogEngine(clock);
    private final Host host = new Host(engine, clock);

    @BeforeEach
    void declare() {
        var _ = host.await(() -> host.api().declareExchange(
                new ExchangeDeclaration("targets", "fanout", true, false, false,
                        FieldTable.EMPTY)));
        var _ = host.await(() -> host.api().declareExchange(
                new ExchangeDeclaration("later", "x-delayed-message", true, false, false,
                        FieldTable.of(Map.of("x-delayed-type",
                                new FieldValue.Text("fanout"))))));
        for (String target : TARGETS) {
            var _ = host.declare(target, Map.of());
            for (String exchange : List.of("targets", "later")) {
                var _ = host.await(() -> host.api().bind(
                        new Binding(exchange, target, true, "", FieldTable.EMPTY), Host.SESSION));
            }
        }
        var _ = host.declare("source",
                Map.of("x-dead-letter-exchange", new FieldValue.Text("targets")));
    }

    @AfterEach
    void close() {
        host.close();
        engine.close();
        host.abandon();
    }

    /** Waits for the failure, reopens the queue, and takes the message from every target once. */
    private void isWithEveryTargetOnce() {
        OwnerThread.await(clock.failed);
        List<Quarantine> failed = host.owner().call(() -> host.api().quarantined());
        assertThat(failed).hasSize(1).allMatch(it -> TARGETS.contains(it.queue()));

        Void _ = host.await(() -> host.api().reopenQueue(failed.getFirst().queue()));

        List<Host.Recorder> consumers = TARGETS.stream().map(it -> host.consume(it, 10)).toList();
        consumers.forEach(it -> assertThat(it.take().body()).isEqualTo("m"));
        assertThat(host.publish("source", "behind it")).isTrue();
        assertThat(consumers).allMatch(Host.Recorder::isEmpty);
        assertThat(host.owner().call(() -> host.api().quarantined())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void deadLetterReachesAll(int failing) {
        assertThat(host.publish("source", "m")).isTrue();
        Host.Got got = host.consume("source", 1).take();
        clock.fail(failing);
        host.run(got.delivery()::reject);

        isWithEveryTargetOnce();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void delayedMessageReachesAll(int failing) {
        clock.fail(failing);
        assertThat(host.awaitConfirm(host.send("later", "", "m", Properties.none().withHeaders(
                FieldTable.of(Map.of("x-delay", new FieldValue.Int32(1))))))).isTrue();

        isWithEveryTargetOnce();
        assertThat(host.get("source", Optional.empty())).map(Host.Got::body)
                .contains("behind it");
    }
}
