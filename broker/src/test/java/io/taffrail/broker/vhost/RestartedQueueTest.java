package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The first actions of a queue after a restart. */
class RestartedQueueTest {

    private final ManualTime time = new ManualTime();

    /** The queue is opened before its dead-letter target and before the bindings. */
    @Test
    void deadLettersOfAStartGoWhereTheyAreBoundTo() {
        MemoryLogEngine engine = new MemoryLogEngine(time);
        Host host = new Host(engine, time);
        var _ = host.declare("a", Map.of("x-message-ttl", new FieldValue.Int32(100),
                "x-dead-letter-exchange", new FieldValue.Text("dlx")));
        var _ = host.declare("dead", Map.of());
        VirtualHost api = host.api();
        var _ = host.await(() -> api.declareExchange(
                new ExchangeDeclaration("dlx", "fanout", true, false, false, FieldTable.EMPTY)));
        var _ = host.await(() -> api.bind(new Binding("dlx", "dead", true, "", FieldTable.EMPTY),
                Host.SESSION));
        assertThat(host.publish("a", "m")).isTrue();
        MemoryLogEngine again = engine.restart();
        host.abandon();
        time.forget();
        time.advance(200);

        Host restarted = new Host(again, time);

        assertThat(restarted.status("a").ready()).isZero();
        assertThat(restarted.get("dead", Optional.empty())).map(Got::body).contains("m");
        restarted.close();
        again.close();
        restarted.abandon();
    }
}
