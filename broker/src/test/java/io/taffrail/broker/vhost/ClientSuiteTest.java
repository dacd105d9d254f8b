package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.broker.vhost.Host.Recorder;
import io.taffrail.log.contract.OwnerThread;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Behaviour of queues that the test suites of RabbitMQ's clients check. */
class ClientSuiteTest extends HostTest {

    @BeforeEach
    void declareQueue() {
        var _ = host.declare("q", Map.of());
    }

    private ConsumerOptions options(boolean acknowledges, boolean exclusive,
            List<Prefetch> prefetch, Map<String, FieldValue> arguments) {
        return new ConsumerOptions("c", Host.SESSION, acknowledges, exclusive, prefetch,
                FieldTable.of(arguments));
    }

    private void assertRefused(BrokerError error, String text, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(BrokerException.class).hasMessage(text)
                .satisfies(refused -> assertThat(((BrokerException) refused).error())
                        .isEqualTo(error));
    }

    @Test
    void whatWasPublishedBeforeACancelIsStillDelivered() {
        Recorder consumer = new Recorder();
        Subscription subscription = host.subscribe("q", consumer, false, 0, Map.of());
        CompletableFuture<Integer> counted = new CompletableFuture<>();

        host.run(() -> {
            host.postNow("q", "before");
            subscription.cancelAfterPublished(() -> counted.complete(consumer.size()));
        });

        assertThat(OwnerThread.await(counted)).isEqualTo(1);
        assertThat(host.publish("q", "after")).isTrue();
        assertThat(host.status("q")).satisfies(status -> {
            assertThat(status.ready()).isEqualTo(1);
            assertThat(status.consumers()).isZero();
        });
    }

    @Test
    void whatIsPublishedAfterACancelStaysThoughItIsStoredWithWhatWasBefore() {
        Recorder consumer = new Recorder();
        Subscription subscription = host.subscribe("q", consumer, false, 0, Map.of());
        CompletableFuture<Integer> counted = new CompletableFuture<>();

        host.run(() -> {
            host.postNow("q", "before");
            subscription.cancelAfterPublished(() -> counted.complete(consumer.size()));
            host.postNow("q", "after");
        });

        assertThat(OwnerThread.await(counted)).isEqualTo(1);
        assertThat(host.status("q").ready()).isEqualTo(1);
        assertThat(consumer.size()).isEqualTo(1);
    }

    @Test
    void anExclusiveConsumerThatLeavesIsInNobodysWay() {
        Subscription first = host.await(() -> host.api().consume("q",
                options(false, true, List.of(), Map.of()), new Recorder()));
        CompletableFuture<CompletableFuture<Subscription>> second = new CompletableFuture<>();

        host.run(() -> {
            host.postNow("q", "before");
            first.cancelAfterPublished(() -> {});
            second.complete(host.api().consume("q", options(false, true, List.of(), Map.of()),
                    new Recorder()));
        });

        assertThat(OwnerThread.await(OwnerThread.await(second))).isNotNull();
        assertThat(host.status("q").consumers()).isEqualTo(1);
    }

    @Test
    void onlyAClassicQueueKnowsExclusiveConsumers() {
        var _ = host.declare("quorum", Map.of("x-queue-type", new FieldValue.Text("quorum")));

        for (int index = 0; index < 2; index++) {
            var _ = host.await(() -> host.api().consume("quorum",
                    options(true, true, List.of(), Map.of()), new Recorder()));
        }

        assertThat(host.status("quorum").consumers()).isEqualTo(2);
    }

    @Test
    void aLimitOfTheChannelHoldsConsumersBackThatDoNotAcknowledge() {
        Prefetch shared = Prefetch.shared(1000);
        shared.limit(1);
        Recorder holding = new Recorder();
        Recorder taking = new Recorder();
        var _ = host.declare("q2", Map.of());
        var _ = host.await(() -> host.api().consume("q",
                options(true, false, List.of(shared), Map.of()), holding));
        var _ = host.await(() -> host.api().consume("q2",
                options(false, false, List.of(shared), Map.of()), taking));
        assertThat(host.publish("q", "held")).isTrue();
        Got held = holding.take();

        assertThat(host.publish("q2", "waits")).isTrue();
        assertThat(host.status("q2").ready()).isEqualTo(1);
        host.settle(held.delivery()::accept);

        assertThat(taking.take().body()).isEqualTo("waits");
    }

    @Test
    void everyQueueOfAChannelGetsItsTurnUnderItsLimit() {
        Prefetch shared = Prefetch.shared(1000);
        shared.limit(1);
        long last = 0;
        for (String queue : List.of("one", "two", "three")) {
            var _ = host.declare(queue, Map.of());
            for (int index = 0; index < 20; index++) {
                last = host.send("", queue, "m", Properties.none());
            }
        }
        assertThat(host.awaitConfirm(last)).isTrue();
        Recorder all = new Recorder();
        for (String queue : List.of("one", "two", "three")) {
            var _ = host.await(() -> host.api().consume(queue,
                    options(true, false, List.of(shared), Map.of()), all));
        }

        Set<String> served = new HashSet<>();
        for (int index = 0; index < 20; index++) {
            Got got = all.take();
            served.add(got.key());
            host.settle(got.delivery()::accept);
        }

        assertThat(served).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void aMessageForNowThatComesBackIsExpired() {
        var _ = host.declare("now", Map.of("x-message-ttl", new FieldValue.Int32(0)));
        Recorder consumer = host.consume("now", 0);
        assertThat(host.publish("now", "m")).isTrue();

        host.settle(consumer.take().delivery()::requeue);

        assertThat(host.status("now").ready()).isZero();
        assertThat(consumer.isEmpty()).isTrue();
    }

    @Test
    void whatIsExpiredBehindALongerOneGoesWhenThatIsTaken() {
        long last = 0;
        for (String expiration : List.of("100000", "20")) {
            last = host.send("", "q", "for " + expiration,
                    Properties.none().withText(Property.EXPIRATION, expiration));
        }
        assertThat(host.awaitConfirm(last)).isTrue();
        time.pass(200, host.owner());
        assertThat(host.status("q").ready()).isEqualTo(2);

        assertThat(host.get("q", Optional.empty())).isPresent();

        assertThat(host.status("q").ready()).isZero();
    }

    @Test
    void aConsumersPriorityIsANumber() {
        assertRefused(BrokerError.PRECONDITION_FAILED,
                "invalid arg 'x-priority' for queue 'q' in vhost '/': \"expected integer, got"
                        + " longstr\"",
                () -> host.subscribe("q", new Recorder(), true, 0,
                        Map.of("x-priority", new FieldValue.Text("banana"))));
    }

    @Test
    void aQueueWithOneActiveConsumerRefusesExclusiveOnes() {
        var _ = host.declare("single",
                Map.of("x-single-active-consumer", new FieldValue.Bool(true)));

        assertRefused(BrokerError.ACCESS_REFUSED, "queue 'single' in vhost '/' in exclusive use",
                () -> host.await(() -> host.api().consume("single",
                        options(true, true, List.of(), Map.of()), new Recorder())));
    }

    @Test
    void anArgumentOfAnotherTypeOfQueueIsRefused() {
        FieldValue one = new FieldValue.Int32(1);
        refusesArgument("quorum", "x-queue-version", one, " of queue type rabbit_quorum_queue");
        refusesArgument("stream", "x-queue-version", one, " of queue type rabbit_stream_queue");
        refusesArgument("quorum", "x-initial-cluster-size", one,
                " of queue type rabbit_quorum_queue");
        refusesArgument("stream", "x-quorum-initial-group-size", one,
                " of queue type rabbit_stream_queue");
        refusesArgument("quorum", "x-quorum-initial-group-size", new FieldValue.Int32(0),
                ": {value_zero,0}");
        refusesArgument("quorum", "x-dead-letter-strategy", new FieldValue.Text("often"),
                ": invalid_dlx_strategy");
    }

    private void refusesArgument(String type, String name, FieldValue value, String text) {
        assertRefused(BrokerError.PRECONDITION_FAILED,
                "invalid arg '" + name + "' for queue 'typed' in vhost '/'" + text,
                () -> host.declare("typed",
                        Map.of("x-queue-type", new FieldValue.Text(type), name, value)));
    }

    @Test
    void aMessageExpiresInTenYearsAtTheLatest() {
        host.run(() -> {
            host.postNow("", "q", "m",
                    Properties.none().withText(Property.EXPIRATION, "315360000000"));
            assertRefused(BrokerError.PRECONDITION_FAILED,
                    "invalid expiration '315360000001': {value_too_large,315360000001}",
                    () -> host.postNow("", "q", "m", Properties.none()
                            .withText(Property.EXPIRATION, "315360000001")));
        });
    }

    @Test
    void aNameOfTheBrokersIsReservedThoughItsQueueIsThere() {
        QueueDeclaration unnamed = new QueueDeclaration("", false, true, false, FieldTable.EMPTY);
        String name = host.await(() -> host.api().declareQueue(unnamed, Host.SESSION)).name();

        assertRefused(BrokerError.ACCESS_REFUSED,
                "queue name '" + name + "' contains reserved prefix 'amq.*'",
                () -> host.await(() -> host.api().declareQueue(
                        new QueueDeclaration(name, false, true, false, FieldTable.EMPTY),
                        Host.SESSION)));
    }

    @Test
    void toUnbindWhatIsNotBoundIsNoErrorThoughTheQueueIsAnothers() {
        Session other = new Session("other");
        var _ = host.await(() -> host.api().declareQueue(
                new QueueDeclaration("theirs", false, true, false, FieldTable.EMPTY), other));
        Binding binding = new Binding("amq.direct", "theirs", true, "k", FieldTable.EMPTY);

        assertThat(host.await(() -> host.api().unbind(binding, Host.SESSION))).isNull();

        var _ = host.await(() -> host.api().bind(binding, other));
        assertThatThrownBy(() -> host.await(() -> host.api().unbind(binding, Host.SESSION)))
                .isInstanceOf(BrokerException.class);
    }
}
