package io.taffrail.cli.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.taffrail.cli.control.ControlClient;
import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ClientSettings;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lists that a running broker gives to {@code top} and {@code status}. */
class LoadListTest {

    @TempDir
    private Path dir;

    private List<Map<?, ?>> ask(Map<String, ?> request) {
        List<Map<?, ?>> answers = new ArrayList<>();
        ControlClient.ask(dir, request, answers::add);
        return answers;
    }

    @Test
    void topicsAndQueuesAreListedOnceEach() {
        try (Taffrail broker = Taffrail.start(TaffrailOptions.of(Map.of("data.dir", dir.toString(),
                "kafka.listener", "127.0.0.1:0", "amqp.listener", "127.0.0.1:0", "http.listener",
                "127.0.0.1:0")));
                BrokerClient client = BrokerClient
                        .connect(ClientSettings.of(broker.bootstrap()))) {
            client.topics().create("orders", OptionalInt.of(2), Map.of());
            ask(Map.of("command", "queue create", "name", "kitchen"));
            ask(Map.of("command", "queue create", "name", "passing", "transient", true));
            ask(Map.of("command", "queue publish", "routing_key", "kitchen", "bodies",
                    List.of("dGVh", "dGVh")));

            List<Map<?, ?>> loads = ask(Map.of("command", "load list"));
            assertThat(loads).extracting(it -> it.get("name"), it -> it.get("kind"),
                    it -> it.get("end_offsets"), it -> it.get("ready"))
                    .containsExactlyInAnyOrder(
                            tuple("kitchen", "classic",
                                    BigDecimal.TWO, BigDecimal.TWO),
                            tuple("passing", "classic", null,
                                    BigDecimal.ZERO),
                            tuple("orders", "topic",
                                    BigDecimal.ZERO, null));

            Map<?, ?> status = ask(Map.of("command", "status")).getFirst();
            assertThat(status.get("contents")).asInstanceOf(
                    InstanceOfAssertFactories.MAP)
                    .containsEntry("topics", BigDecimal.TWO)
                    .containsEntry("partitions", new BigDecimal(3))
                    .containsEntry("virtual_hosts", BigDecimal.ONE)
                    .containsEntry("ready", BigDecimal.TWO);
            assertThat(status.get("process")).asInstanceOf(
                    InstanceOfAssertFactories.MAP)
                    .containsKeys("cpu_ms", "cores", "heap_used_bytes", "heap_max_bytes");
        }
    }
}
