package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.Session;
import io.taffrail.log.LogId;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A durable object that could not be stored is not there: a client that asks for it once more must
 * not be told that it is.
 */
class NotStoredTest extends HostTest {

    /** More than the store takes for one object. */
    private static final FieldTable TOO_MUCH = FieldTable
            .of(Map.of("x-note", new FieldValue.Text("x".repeat(2 << 20))));

    @Test
    void anExchangeThatIsNotStoredIsNotThere() {
        ExchangeDeclaration exchange = new ExchangeDeclaration("x", "fanout", true, false, false,
                TOO_MUCH);

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> host.await(() -> host.api().declareExchange(exchange)))
                    .hasMessageContaining("bytes");
        }

        assertThatThrownBy(() -> host.await(() -> host.api().checkExchange("x")))
                .hasMessageContaining("no exchange 'x'");
    }

    @Test
    void aBindingThatIsNotStoredIsNotThere() {
        var _ = host.declare("q", Map.of());
        Binding binding = new Binding("amq.fanout", "q", true, "", TOO_MUCH);

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> host.await(() -> host.api().bind(binding, Host.SESSION)))
                    .hasMessageContaining("bytes");
        }

        assertThat(host.owner().call(() -> host.api().inventory().bindings()))
                .noneMatch(it -> it.source().equals("amq.fanout"));
    }

    @Test
    void aQueueThatIsNotStoredLeavesNoLogs() {
        Set<LogId> before = Set.copyOf(engine.logs());
        QueueDeclaration queue = new QueueDeclaration("q", true, false, false, TOO_MUCH);

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> host
                    .await(() -> host.api().declareQueue(queue, Host.SESSION)))
                    .hasMessageContaining("bytes");
        }

        assertThatThrownBy(() -> host.status("q")).hasMessageContaining("no queue 'q'");
        assertThat(Set.copyOf(engine.logs())).isEqualTo(before);
    }

    @Test
    void anExclusiveQueueThatIsReadyAfterItsConnectionHasGoneGoesToo() {
        Session session = new Session("gone");
        QueueDeclaration queue = new QueueDeclaration("q", false, true, false, FieldTable.EMPTY);

        var _ = host.await(() -> {
            var declared = host.api().declareQueue(queue, session);
            host.api().closed(session);
            return declared;
        });

        assertThatThrownBy(() -> host.status("q")).hasMessageContaining("no queue 'q'");
    }
}
