package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Routing of a message that the broker moves itself has a bound, for it is one task. */
class CostlyLetterTest {

    /** A moved message may cost 256 units. */
    private static final PublishLimits LIMITS = new PublishLimits(1, 1000, 1 << 20, 1000);
    private static final int MANY = 500;

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine engine = new MemoryLogEngine(time);
    private final SteppedHost host = new SteppedHost(engine, time, LIMITS);

    @AfterEach
    void close() {
        host.close();
        engine.close();
    }

    private void exchange(String name, String type, Map<String, FieldValue> arguments) {
        host.await(host.api().declareExchange(new ExchangeDeclaration(name, type, true, false,
                false, FieldTable.of(arguments))));
        host.declare("target", Map.of());
        host.await(host.api().bind(new Binding(name, "target", true, "#", FieldTable.EMPTY),
                SteppedHost.SESSION));
    }

    private static Properties keys(int count, Map<String, FieldValue> more) {
        Map<String, FieldValue> headers = new LinkedHashMap<>(more);
        List<FieldValue> keys = IntStream.range(0, count)
                .mapToObj(it -> (FieldValue) new FieldValue.Text("k" + it)).toList();
        headers.put("CC", new FieldValue.ListOf(keys));
        return Properties.none().withHeaders(FieldTable.of(headers));
    }

    @Test
    void aLetterSentAtMostOnceIsGivenUp() {
        exchange("dlx", "topic", Map.of());
        host.declare("source", Map.of("x-dead-letter-exchange", new FieldValue.Text("dlx"),
                "x-max-length", new FieldValue.Int32(0)));

        assertThat(host.publish("", "source", "costly", keys(MANY, Map.of()))).isTrue();
        assertThat(host.publish("", "source", "cheap", keys(2, Map.of()))).isTrue();
        host.run();

        assertThat(host.take("target")).hasValue("cheap");
        assertThat(host.take("target")).isEmpty();
        assertThat(host.ready("source")).isZero();
    }

    @Test
    void aLetterSentAtLeastOnceStaysAndOthersOvertakeIt() {
        exchange("dlx", "topic", Map.of());
        host.declare("source", Map.of("x-dead-letter-exchange", new FieldValue.Text("dlx"),
                "x-queue-type", new FieldValue.Text("quorum"),
                "x-dead-letter-strategy", new FieldValue.Text("at-least-once"),
                "x-overflow", new FieldValue.Text("reject-publish"),
                "x-message-ttl", new FieldValue.Int32(0)));

        assertThat(host.publish("", "source", "costly", keys(MANY, Map.of()))).isTrue();
        assertThat(host.publish("", "source", "cheap", keys(2, Map.of()))).isTrue();
        host.run();

        assertThat(host.take("target")).hasValue("cheap");
        assertThat(host.take("target")).isEmpty();
        assertThat(host.api().inventory().queues().stream()
                .filter(it -> it.declaration().name().equals("source")).findFirst().orElseThrow()
                .depth()
                .held()).isEqualTo(1);
    }

    @Test
    void aDelayedMessageIsGivenUp() {
        exchange("delaying", "x-delayed-message",
                Map.of("x-delayed-type", new FieldValue.Text("topic")));
        Map<String, FieldValue> delay = Map.of("x-delay", new FieldValue.Int32(10));
        assertThat(host.publish("delaying", "k", "costly", keys(MANY, delay))).isTrue();
        assertThat(host.publish("delaying", "k", "cheap", keys(2, delay))).isTrue();

        time.passNow(20);
        host.run();

        assertThat(host.take("target")).hasValue("cheap");
        assertThat(host.take("target")).isEmpty();
        assertThat(host.api().pending().count()).isZero();
    }
}
