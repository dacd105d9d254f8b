package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One turn does not copy a message to so many queues that the process has no memory for the copies.
 */
class FanOutLimitTest {

    private static final int BODY_BYTES = 8 << 20;
    private static final int QUEUES = (int) (FanOutLimit.BYTES / BODY_BYTES) + 1;
    private static final String LARGE = "x".repeat(BODY_BYTES);

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine engine = new MemoryLogEngine(time);
    private final Host host = new Host(engine, time);

    @AfterEach
    void close() {
        host.close();
        engine.close();
    }

    private void fanOut(String exchange, String type, FieldTable arguments) {
        var _ = host.await(() -> host.api().declareExchange(new ExchangeDeclaration(exchange,
                type, false, false, false, arguments)));
        for (int index = 0; index < QUEUES; index++) {
            String queue = "q" + index;
            var _ = host.declare(queue, Map.of());
            var _ = host.await(() -> host.api().bind(
                    new Binding(exchange, queue, true, "", FieldTable.EMPTY), Host.SESSION));
        }
    }

    /** The mark and all copies are stored in one turn. */
    @Test
    void aPublishWithAMarkIsRefusedAndASmallerOneArrives() {
        fanOut("x", "x-message-deduplication",
                FieldTable.of(Map.of("x-cache-size", new FieldValue.Int32(10))));
        Properties marked = Properties.none().withHeaders(FieldTable.of(
                Map.of("x-deduplication-header", new FieldValue.Text("a"))));

        assertThatThrownBy(() -> host.send("x", "", LARGE, marked))
                .hasMessageContaining("message size " + BODY_BYTES + " is too large for " + QUEUES
                        + " queues");

        assertThat(host.awaitConfirm(host.send("x", "", "small", marked))).isTrue();
        assertThat(host.status("q0").ready()).isEqualTo(1);
    }

    @Test
    void aHistoryIsNotReplayedToTooManyQueues() {
        fanOut("wide", "fanout", FieldTable.EMPTY);
        var _ = host.await(() -> host.api().declareExchange(new ExchangeDeclaration("history",
                "x-recent-history", false, false, false, FieldTable.EMPTY)));
        for (String body : List.of(LARGE, "small")) {
            assertThat(host.awaitConfirm(host.send("history", "", body, Properties.none())))
                    .isTrue();
        }

        var _ = host.await(() -> host.api().bind(
                new Binding("history", "wide", false, "", FieldTable.EMPTY), Host.SESSION));

        assertThat(host.status("q0").ready()).isEqualTo(1);
        assertThat(host.status("q" + (QUEUES - 1)).ready()).isEqualTo(1);
    }
}
