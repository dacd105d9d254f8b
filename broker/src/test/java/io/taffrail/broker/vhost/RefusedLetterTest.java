package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A dead letter of a message that was refused can be refused by the next queue, and so on. However
 * many queues are chained so, one publish neither recurses through them nor holds its owner.
 */
class RefusedLetterTest {

    private static final int CHAIN = 1_000;
    private static final int CLIQUE = 40;

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine engine = new MemoryLogEngine(time);
    private final SteppedHost host = new SteppedHost(engine, time);

    @AfterEach
    void close() {
        host.close();
        engine.close();
    }

    private void full(String name, String exchange, String key) {
        Map<String, FieldValue> arguments = new LinkedHashMap<>();
        arguments.put("x-max-length", new FieldValue.Int32(0));
        arguments.put("x-overflow", new FieldValue.Text("reject-publish-dlx"));
        arguments.put("x-dead-letter-exchange", new FieldValue.Text(exchange));
        if (!key.isEmpty()) {
            arguments.put("x-dead-letter-routing-key", new FieldValue.Text(key));
        }
        host.declare(name, arguments);
    }

    @Test
    void aLetterGoesThroughAChainOfFullQueues() {
        for (int index = 0; index < CHAIN; index++) {
            full("q" + index, "", index == CHAIN - 1 ? "last" : "q" + (index + 1));
        }
        host.declare("last", Map.of());

        assertThat(host.publish("q0", "body")).isFalse();
        host.run();

        assertThat(host.take("last")).hasValue("body");
        assertThat(host.looks()).as("returns to other work").isGreaterThan(CHAIN / 100);
    }

    /** Without limits the number of paths through the queues is the factorial of their number. */
    @Test
    void lettersAmongFullQueuesThatAllLeadToEachOtherEnd() {
        host.await(host.api().declareExchange(new ExchangeDeclaration("all", "fanout", true, false,
                false, FieldTable.EMPTY)));
        for (int index = 0; index < CLIQUE; index++) {
            full("q" + index, "all", "");
            host.await(host.api().bind(new Binding("all", "q" + index, true, "", FieldTable.EMPTY),
                    SteppedHost.SESSION));
        }
        host.declare("other", Map.of());

        assertThat(host.publish("q0", "body")).isFalse();
        assertThat(host.publish("other", "not delayed")).isTrue();
        host.run();

        assertThat(host.take("other")).hasValue("not delayed");
        for (int index = 0; index < CLIQUE; index++) {
            assertThat(host.ready("q" + index)).isZero();
        }
    }
}
