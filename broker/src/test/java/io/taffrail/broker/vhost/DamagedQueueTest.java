package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.QueueDepth;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.broker.vhost.Host.Recorder;
import io.taffrail.log.LogId;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A damaged sector affects only its own messages: the queue continues behind them, and they stay on
 * disk unsettled.
 */
class DamagedQueueTest extends HostTest {

    private LogId log = new LogId("none");

    private void fill(Map<String, FieldValue> arguments) {
        assertThat(host.declare("q", arguments).ready()).isZero();
        log = engine.logs().stream().filter(it -> it.value().startsWith("@queue-")).findFirst()
                .orElseThrow();
        for (String body : new String[]{"0", "1", "2", "3"}) {
            assertThat(host.publish("q", body)).isTrue();
        }
    }

    private void damage(long from, long to) {
        engine.damage(log, from, to);
    }

    private QueueDepth depth() {
        return host.owner()
                .call(() -> ((LiveVirtualHost) host.api()).queue("q").orElseThrow().depth());
    }

    private void goesOn(Recorder consumer) {
        assertThat(host.publish("q", "4")).isTrue();
        assertThat(consumer.take().body()).isEqualTo("4");
        assertThat(host.api().quarantined()).isEmpty();
    }

    @Test
    void isPassedOverInTheMiddle() {
        fill(Map.of());
        damage(1, 3);
        Recorder consumer = host.consume("q", 10);
        assertThat(consumer.take(2)).extracting(Got::body).containsExactly("0", "3");
        goesOn(consumer);
        assertThat(depth()).isEqualTo(new QueueDepth(0, 5));
    }

    @Test
    void isPassedOverAtTheEnd() {
        fill(Map.of());
        damage(2, 4);
        Recorder consumer = host.consume("q", 10);
        assertThat(consumer.take(2)).extracting(Got::body).containsExactly("0", "1");
        goesOn(consumer);
        assertThat(depth()).isEqualTo(new QueueDepth(0, 5));
    }

    @Test
    void isPassedOverByPriority() {
        fill(Map.of("x-max-priority", new FieldValue.Int32(5)));
        damage(1, 3);
        Recorder consumer = host.consume("q", 10);
        assertThat(consumer.take(2)).extracting(Got::body).containsExactly("0", "3");
        goesOn(consumer);
        assertThat(depth()).isEqualTo(new QueueDepth(0, 5));
    }

    @Test
    void isPassedOverInAStream() {
        fill(Map.of("x-queue-type", new FieldValue.Text("stream")));
        damage(1, 3);
        Recorder consumer = new Recorder();
        var _ = host.subscribe("q", consumer, true, 10,
                Map.of("x-stream-offset", new FieldValue.Text("first")));
        assertThat(consumer.take(2)).extracting(Got::body).containsExactly("0", "3");
        goesOn(consumer);
    }

    @Test
    void whatCameBackStaysUnsettled() {
        fill(Map.of());
        Recorder first = host.consume("q", 2);
        Got zero = first.take();
        Got one = first.take();
        damage(1, 2);
        host.run(() -> {
            one.delivery().requeue();
            zero.delivery().accept();
        });
        assertThat(first.take(2)).extracting(Got::body).containsExactly("2", "3");
        assertThat(depth()).isEqualTo(new QueueDepth(0, 3));
    }

    @Test
    void isLookedForAgainAfterAStart() {
        fill(Map.of());
        damage(1, 3);
        Recorder consumer = host.consume("q", 10);
        host.settle(consumer.take().delivery()::accept);
        host.settle(consumer.take().delivery()::accept);

        MemoryLogEngine again = engine.restart();
        host.abandon();
        engine.close();
        engine = again;
        host = new Host(engine, time);

        assertThat(host.consume("q", 10).take(2)).extracting(Got::body)
                .containsExactly("1", "2");
    }

    @Test
    void aRejectedMessageThatIsDamagedDoesNotVanish() {
        fill(Map.of("x-dead-letter-exchange", new FieldValue.Text(""),
                "x-dead-letter-routing-key", new FieldValue.Text("dead")));
        assertThat(host.declare("dead", Map.of()).ready()).isZero();
        Recorder consumer = host.consume("q", 1);
        Got zero = consumer.take();
        damage(0, 1);
        host.run(zero.delivery()::reject);
        assertThat(consumer.take().body()).isEqualTo("1");
        assertThat(depth().held()).isEqualTo(2);
        assertThat(host.status("dead").ready()).isZero();
    }
}
