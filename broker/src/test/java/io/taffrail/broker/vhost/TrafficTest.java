package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.queue.HostTraffic.Fate;
import io.taffrail.broker.queue.QueueFigures;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.broker.vhost.Host.Recorder;
import io.taffrail.broker.vhost.Inventory.ExchangeTraffic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages are counted at their queue, their exchange and their virtual host. */
class TrafficTest extends HostTest {

    private QueueFigures figures() {
        return host.owner().call(
                () -> host.api().inventory().queue("q").orElseThrow().figures());
    }

    private HostTraffic traffic() {
        return host.owner().call(() -> host.api().inventory().traffic());
    }

    @Test
    void aDeliveryIsCountedUntilItIsAcknowledged() {
        assertThat(host.declare("q", Map.of()).ready()).isZero();
        assertThat(host.publish("q", "one")).isTrue();
        assertThat(host.publish("q", "three")).isTrue();
        assertThat(figures().readyBytes()).isEqualTo(8);

        Recorder consumer = host.consume("q", 1);
        Got first = consumer.take();
        host.run(first.delivery()::requeue);
        Got again = consumer.take();
        assertThat(figures().heldBytes()).isEqualTo(3);
        assertThat(figures().blocked()).isTrue();
        host.settle(again.delivery()::accept);
        host.settle(consumer.take().delivery()::accept);

        QueueFigures now = figures();
        assertThat(now.counts().of(MessageEvent.PUBLISHED)).isEqualTo(2);
        assertThat(now.counts().of(MessageEvent.DELIVERED)).isEqualTo(3);
        assertThat(now.counts().of(MessageEvent.REDELIVERED)).isEqualTo(1);
        assertThat(now.counts().of(MessageEvent.ACKNOWLEDGED)).isEqualTo(2);
        assertThat(now.readyBytes() + now.heldBytes()).isZero();
        assertThat(now.blocked()).isFalse();
        assertThat(traffic().total().of(MessageEvent.DELIVERED)).isEqualTo(3);
        assertThat(traffic().total().of(MessageEvent.PUBLISHED)).isEqualTo(2);
        assertThat(traffic().routed()).isEqualTo(2);
        assertThat(traffic().queuesCreated()).isEqualTo(1);
    }

    @Test
    void theDefaultExchangeIsCountedToo() {
        assertThat(host.declare("q", Map.of()).ready()).isZero();
        assertThat(host.publish("q", "1")).isTrue();
        assertThat(host.publish("nowhere", "2")).isTrue();

        List<ExchangeTraffic> exchanges = host.owner()
                .call(() -> host.api().inventory().exchangeTraffic());

        assertThat(exchanges).contains(new ExchangeTraffic("", 2, 1));
    }

    @Test
    void givenUpMessagesAreCountedByReason() {
        assertThat(host.declare("q", Map.of("x-max-length", new FieldValue.Int32(1))).ready())
                .isZero();
        assertThat(host.publish("q", "1")).isTrue();
        assertThat(host.publish("q", "2")).isTrue();
        Recorder consumer = host.consume("q", 1);

        assertThat(consumer.take().body()).isEqualTo("2");
        assertThat(traffic().givenUp(QueueType.CLASSIC, DeathReason.MAXLEN, Fate.DROPPED))
                .isEqualTo(1);
    }

    @Test
    void theOldestWaitingMessageIsFound() {
        assertThat(host.declare("q", Map.of()).ready()).isZero();
        assertThat(oldest()).isEmpty();
        assertThat(host.publish("q", "1")).isTrue();
        long first = oldest().orElseThrow();
        assertThat(host.publish("q", "2")).isTrue();

        assertThat(oldest()).hasValue(first);
        assertThat(first).isPositive();
    }

    private java.util.OptionalLong oldest() {
        return host.owner().call(() -> host.api().inventory().oldestReadyMs("q"));
    }
}
