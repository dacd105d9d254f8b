package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.broker.vhost.Host.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of queues on every engine, including crashes. */
abstract class QueueContract {

    private Host host;

    /** Starts a virtual host over a new engine. */
    abstract Host start();

    /** Kills the process and restarts over the data it left. */
    abstract Host crash(Host before);

    /** Closes the last engine started. */
    abstract void stop();

    @BeforeEach
    void open() {
        host = start();
        var _ = host.declare("q", Map.of());
    }

    @AfterEach
    void close() {
        host.close();
        stop();
        host.abandon();
    }

    @Test
    void deliversInTheOrderOfPublishing() {
        Recorder consumer = host.consume("q", 0);
        for (int i = 0; i < 100; i++) {
            host.post("q", "m" + i);
        }

        assertThat(consumer.take(100)).extracting(Got::body)
                .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void keepsEveryPartOfAMessage() {
        Properties properties = Properties.none().withText(Property.CONTENT_TYPE, "text/plain")
                .withOctet(Property.DELIVERY_MODE, 2).withTimestamp(77)
                .withHeaders(FieldTable.of(Map.of("a", new FieldValue.UInt16(7))));
        long tag = host.send("", "q", "body", properties);
        assertThat(host.awaitConfirm(tag)).isTrue();

        Got got = host.get("q", Optional.empty()).orElseThrow();

        assertThat(got.exchange()).isEmpty();
        assertThat(got.key()).isEqualTo("q");
        assertThat(got.body()).isEqualTo("body");
        assertThat(got.properties().section()).isEqualTo(properties.section());
        assertThat(got.redelivered()).isFalse();
    }

    @Test
    void confirmedMessagesSurviveACrash() {
        for (int i = 0; i < 10; i++) {
            assertThat(host.publish("q", "m" + i)).isTrue();
        }

        host = crash(host);

        assertThat(host.status("q").ready()).isEqualTo(10);
        assertThat(host.consume("q", 0).take(10)).extracting(Got::body)
                .containsExactlyElementsOf(IntStream.range(0, 10).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void settledMessagesStaySettledAfterACrash() {
        Recorder consumer = host.consume("q", 0);
        for (int i = 0; i < 6; i++) {
            assertThat(host.publish("q", "m" + i)).isTrue();
        }
        List<Got> got = consumer.take(6);
        host.settle(() -> {
            got.get(0).delivery().accept();
            got.get(2).delivery().accept();
            got.get(4).delivery().reject();
        });

        host = crash(host);

        assertThat(host.status("q").ready()).isEqualTo(3);
        List<Got> again = host.consume("q", 0).take(3);
        assertThat(again).extracting(Got::body).containsExactly("m1", "m3", "m5");
        assertThat(again).allMatch(Got::redelivered);
    }

    @Test
    void onlyWhatWasDeliveredIsRedeliveredAfterACrash() {
        Recorder consumer = host.consume("q", 2);
        for (int i = 0; i < 4; i++) {
            assertThat(host.publish("q", "m" + i)).isTrue();
        }
        var _ = consumer.take(2);
        host.settle(() -> {});

        host = crash(host);

        assertThat(host.consume("q", 0).take(4)).extracting(Got::redelivered)
                .containsExactly(true, true, false, false);
    }

    @Test
    void requeuedMessageComesAtItsPlace() {
        for (int i = 0; i < 3; i++) {
            assertThat(host.publish("q", "m" + i)).isTrue();
        }
        GetHolder holder = new GetHolder(List.of());
        Got first = host.get("q", Optional.of(holder)).orElseThrow();

        host.run(first.delivery()::requeue);

        Got again = host.get("q", Optional.of(holder)).orElseThrow();
        assertThat(again.body()).isEqualTo("m0");
        assertThat(again.redelivered()).isTrue();
        assertThat(host.get("q", Optional.of(holder)).orElseThrow().body()).isEqualTo("m1");
    }

    @Test
    void closedSubscriptionGivesBackWhatItHeld() {
        Recorder consumer = new Recorder();
        Subscription subscription = host.subscribe("q", consumer, true, 0, Map.of());
        assertThat(host.publish("q", "m")).isTrue();
        var _ = consumer.take();

        host.run(subscription::close);

        Got again = host.consume("q", 0).take();
        assertThat(again.body()).isEqualTo("m");
        assertThat(again.redelivered()).isTrue();
    }

    @Test
    void prefetchHoldsDeliveriesBack() {
        Recorder consumer = host.consume("q", 2);
        for (int i = 0; i < 3; i++) {
            assertThat(host.publish("q", "m" + i)).isTrue();
        }
        List<Got> first = consumer.take(2);
        assertThat(host.status("q").ready()).isEqualTo(1);
        assertThat(consumer.isEmpty()).isTrue();

        host.run(first.getFirst().delivery()::accept);

        assertThat(consumer.take().body()).isEqualTo("m2");
    }

    @Test
    void consumersTakeTurns() {
        Recorder one = host.consume("q", 0);
        Recorder two = host.consume("q", 0);
        for (int i = 0; i < 4; i++) {
            assertThat(host.publish("q", "m" + i)).isTrue();
        }

        assertThat(one.take(2)).hasSize(2);
        assertThat(two.take(2)).hasSize(2);
    }

    @Test
    void getWaitsForWhatWasPublishedBefore() {
        host.post("q", "m");

        assertThat(host.get("q", Optional.empty())).map(Got::body).contains("m");
        assertThat(host.get("q", Optional.empty())).isEmpty();
    }

    @Test
    void purgeSettlesWhatIsReadyOnly() {
        for (int i = 0; i < 3; i++) {
            assertThat(host.publish("q", "m" + i)).isTrue();
        }
        GetHolder holder = new GetHolder(List.of());
        Got held = host.get("q", Optional.of(holder)).orElseThrow();

        assertThat(host.<Long>await(() -> host.api().purgeQueue("q", Host.SESSION))).isEqualTo(2);

        host.run(held.delivery()::requeue);
        assertThat(host.status("q").ready()).isEqualTo(1);
        assertThat(host.get("q", Optional.empty())).map(Got::body).contains("m0");
    }

    @Test
    void fanOutReachesEveryQueueAndSurvives() {
        for (int i = 0; i < 20; i++) {
            var _ = host.declare("f" + i, Map.of());
            Binding binding = new Binding("amq.fanout", "f" + i, true, "", FieldTable.EMPTY);
            var _ = host.await(() -> host.api().bind(binding, Host.SESSION));
        }
        long tag = host.send("amq.fanout", "k", "m", Properties.none());
        assertThat(host.awaitConfirm(tag)).isTrue();

        host = crash(host);

        for (int i = 0; i < 20; i++) {
            assertThat(host.status("f" + i).ready()).isEqualTo(1);
        }
        long again = host.send("amq.fanout", "k", "m", Properties.none());
        assertThat(host.awaitConfirm(again)).isTrue();
        assertThat(host.status("f7").ready()).isEqualTo(2);
    }

    @Test
    void durableTopologySurvives() {
        var _ = host.await(() -> host.api().declareExchange(
                new ExchangeDeclaration("x", "topic", true, false, false, FieldTable.EMPTY)));
        Binding binding = new Binding("x", "q", true, "a.#", FieldTable.EMPTY);
        var _ = host.await(() -> host.api().bind(binding, Host.SESSION));

        host = crash(host);

        long tag = host.send("x", "a.b", "m", Properties.none());
        assertThat(host.awaitConfirm(tag)).isTrue();
        assertThat(host.status("q").ready()).isEqualTo(1);
    }

    @Test
    void deletedQueueTellsItsConsumersAndIsGone() {
        Recorder consumer = host.consume("q", 0);

        assertThat(host.<Long>await(
                () -> host.api().deleteQueue("q", Host.SESSION, false, false))).isZero();

        consumer.awaitCancelled();
        host = crash(host);
        var _ = host.declare("q", Map.of());
        assertThat(host.status("q").ready()).isZero();
    }

    @Test
    void settledOutOfOrderInManyTurnsIsKeptInASnapshot() {
        GetHolder holder = new GetHolder(List.of());
        List<Got> got = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            host.post("q", "m" + i);
        }
        for (int i = 0; i < 2000; i++) {
            got.add(host.get("q", Optional.of(holder)).orElseThrow());
        }
        for (int i = 1; i < 2000; i += 2) {
            Got next = got.get(i);
            host.run(() -> {
                next.delivery().accept();
                var _ = host.api().atomically(() -> {});
            });
        }
        host.settle(() -> {});

        host = crash(host);

        assertThat(host.status("q").ready()).isEqualTo(1000);
        Recorder consumer = host.consume("q", 0);
        assertThat(consumer.take(1000)).extracting(Got::body).containsExactlyElementsOf(
                IntStream.range(0, 1000).mapToObj(i -> "m" + 2 * i).toList());
    }

    @Test
    void atomicStepIsThereWholeOrNot() {
        var _ = host.declare("other", Map.of());
        assertThat(host.publish("q", "in")).isTrue();
        GetHolder holder = new GetHolder(List.of());
        Got got = host.get("q", Optional.of(holder)).orElseThrow();

        host.settle(() -> {
            got.delivery().accept();
            host.postNow("other", "out");
        });
        host = crash(host);

        assertThat(host.status("q").ready()).isZero();
        assertThat(host.status("other").ready()).isEqualTo(1);
    }

    @Test
    void transientQueueIsGoneAfterARestart() {
        QueueDeclaration fleeting = new QueueDeclaration("fleeting", false, false, false,
                FieldTable.EMPTY);
        var _ = host.await(() -> host.api().declareQueue(fleeting, Host.SESSION));
        assertThat(host.publish("fleeting", "m")).isTrue();
        assertThat(host.get("fleeting", Optional.empty())).map(Got::body).contains("m");

        host = crash(host);

        assertRefused(BrokerError.QUEUE_NOT_FOUND, "no queue 'fleeting' in vhost '/'",
                () -> host.status("fleeting"));
    }

    @Test
    void redeclarationHasToBeTheSame() {
        assertRefused(BrokerError.PRECONDITION_FAILED,
                "inequivalent arg 'durable' for queue 'q' in vhost '/':"
                        + " received 'false' but current is 'true'",
                () -> host.await(() -> host.api().declareQueue(
                        new QueueDeclaration("q", false, false, false, FieldTable.EMPTY),
                        Host.SESSION)));
        assertRefused(BrokerError.PRECONDITION_FAILED,
                "inequivalent arg 'x-max-length' for queue 'q' in vhost '/': received"
                        + " the value '1' of type 'signedint' but current is none",
                () -> host.declare("q", Map.of("x-max-length", new FieldValue.Int32(1))));
        assertThat(host.declare("q", Map.of("x-queue-type", new FieldValue.Text("classic"))).name())
                .isEqualTo("q");
    }

    @Test
    void exclusiveQueueIsItsSessionsAndGoesWithIt() {
        Session mine = new Session("mine");
        QueueDeclaration exclusive = new QueueDeclaration("mine", false, true, false,
                FieldTable.EMPTY);
        var _ = host.await(() -> host.api().declareQueue(exclusive, mine));

        assertThatThrownBy(() -> host.status("mine")).isInstanceOfSatisfying(
                BrokerException.class,
                refused -> assertThat(refused.error()).isEqualTo(BrokerError.QUEUE_LOCKED));

        host.run(() -> host.api().closed(mine));
        assertRefused(BrokerError.QUEUE_NOT_FOUND, "no queue 'mine' in vhost '/'",
                () -> host.status("mine"));
    }

    @Test
    void autoDeleteQueueGoesWithItsLastConsumer() {
        QueueDeclaration brief = new QueueDeclaration("brief", true, false, true, FieldTable.EMPTY);
        var _ = host.await(() -> host.api().declareQueue(brief, Host.SESSION));
        Subscription only = host.subscribe("brief", new Recorder(), true, 0, Map.of());

        host.run(only::close);

        assertRefused(BrokerError.QUEUE_NOT_FOUND, "no queue 'brief' in vhost '/'",
                () -> host.status("brief"));
    }

    @Test
    void singleActiveConsumerIsFollowedByTheNext() {
        var _ = host.declare("sac", Map.of("x-single-active-consumer", new FieldValue.Bool(true)));
        Recorder one = new Recorder();
        Subscription first = host.subscribe("sac", one, true, 0, Map.of());
        Recorder two = host.consume("sac", 0);
        assertThat(host.publish("sac", "a")).isTrue();
        assertThat(host.publish("sac", "b")).isTrue();
        assertThat(one.take(2)).extracting(Got::body).containsExactly("a", "b");
        assertThat(two.isEmpty()).isTrue();

        host.run(first::close);

        assertThat(two.take(2)).extracting(Got::body).containsExactly("a", "b");
    }

    @Test
    void higherPrioritiesComeFirstAlsoAfterACrash() {
        var _ = host.declare("levels", Map.of("x-max-priority", new FieldValue.Int32(5)));
        for (int i = 0; i < 8; i++) {
            Properties properties = Properties.none().withOctet(Property.PRIORITY, i);
            assertThat(host.awaitConfirm(host.send("", "levels", "p" + i, properties))).isTrue();
        }
        assertThat(host.publish("levels", "none")).isTrue();
        GetHolder holder = new GetHolder(List.of());
        Got first = host.get("levels", Optional.of(holder)).orElseThrow();
        assertThat(first.body()).isEqualTo("p5");
        assertThat(host.get("levels", Optional.of(holder))).map(Got::body).contains("p6");
        host.run(first.delivery()::requeue);

        host = crash(host);

        assertThat(host.consume("levels", 0).take(9)).extracting(Got::body).containsExactly("p5",
                "p6", "p7", "p4", "p3", "p2", "p1", "p0", "none");
    }

    @Test
    void copiesGoToFurtherKeys() {
        var _ = host.declare("copy", Map.of());
        var _ = host.declare("blind", Map.of());
        Properties properties = Properties.none().withHeaders(FieldTable.of(Map.of(
                "CC",
                new FieldValue.ListOf(
                        List.of(new FieldValue.Text("copy"), new FieldValue.Text("q"))),
                "BCC", new FieldValue.ListOf(List.of(new FieldValue.Text("blind"))))));
        assertThat(host.awaitConfirm(host.send("", "q", "m", properties))).isTrue();

        assertThat(host.status("q").ready()).isEqualTo(1);
        assertThat(host.status("copy").ready()).isEqualTo(1);
        Got got = host.get("blind", Optional.empty()).orElseThrow();
        assertThat(got.key()).isEqualTo("q");
        assertThat(got.properties().headers().entries()).containsOnlyKeys("CC");
    }

    private static void assertRefused(BrokerError error, String text, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(BrokerException.class).hasMessage(text)
                .satisfies(refused -> assertThat(((BrokerException) refused).error())
                        .isEqualTo(error));
    }
}
