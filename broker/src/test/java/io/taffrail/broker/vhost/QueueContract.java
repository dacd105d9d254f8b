package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.broker.vhost.Host.Recorder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What queues do on every engine, over a crash too. */
abstract class QueueContract {

    private Host host;

    /** A virtual host over a new engine. */
    abstract Host start();

    /** The process dies and starts anew over what it left. */
    abstract Host crash(Host before);

    /** Closes the engine last started. */
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
                .withHeaders(Table.of(Map.of("a", new Value.UInt16(7))));
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
            Binding binding = new Binding("amq.fanout", "f" + i, true, "", Table.EMPTY);
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
                new ExchangeDeclaration("x", "topic", true, false, false, Table.EMPTY)));
        Binding binding = new Binding("x", "q", true, "a.#", Table.EMPTY);
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
}
