package io.taffrail.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.cli.terminal.Output;
import io.taffrail.net.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopViewTest {

    private static LoadSample sample(long second, boolean healthy, long cpuMs, String... loads) {
        String status = """
                {"healthy":%s,"uptime_ms":90061000,
                 "process":{"cpu_ms":%d,"cores":2,"heap_used_bytes":47185920,"heap_max_bytes":536870912},
                 "listeners":[{"protocol":"kafka","connections":3},{"protocol":"amqp","connections":1}],
                 "storage":{"unforced_bytes":0,"usable_bytes":80745005056}}"""
                .formatted(healthy, cpuMs);
        return LoadSample.of(second * 1_000_000_000L, object(status),
                Stream.of(loads).<Map<?, ?>>map(TopViewTest::object).toList());
    }

    private static Map<?, ?> object(String json) {
        return Json.read(json) instanceof Map<?, ?> object ? object : Map.of();
    }

    private static String topic(String name, long end) {
        return "{\"name\":\"%s\",\"kind\":\"topic\",\"end_offsets\":%d,\"stored_bytes\":2048}"
                .formatted(name, end);
    }

    private static String queue(String name, String kind, long end, long ready, long held) {
        return "{\"name\":\"%s\",\"kind\":\"%s\",\"vhost\":\"/\",\"ready\":%d,\"unacknowledged\":%d,\"consumers\":1,\"end_offsets\":%d,\"stored_bytes\":999}"
                .formatted(name, kind, ready, held, end);
    }

    private static String text(@Nullable LoadSample before, LoadSample now) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output out = new Output(bytes);
        new TopView(before, now).print(out);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theFirstDrawingHasNoRates() {
        assertThat(text(null, sample(0, true, 10, topic("orders", 7)))).isEqualTo(
                """
                        up 1 days 01:01:01   cpu - of 2 cores   heap 45.0 MiB of 512.0 MiB   connections: kafka 3, amqp 1
                        in -/s   out of queues -/s   ready 0   unacknowledged 0   not forced 0 B   disk free 75.2 GiB

                        NAME    VHOST  KIND   IN/S  OUT/S  READY  UNACKED  CONSUMERS  STORED
                        orders         topic  -     -      -      -        -          2.0 KiB
                        """);
    }

    @Test
    void theBusiestComesFirstAndWhatLeftAQueueIsCounted() {
        LoadSample before = sample(10, true, 1_000, topic("orders", 100),
                queue("kitchen", "classic", 50, 5, 5), queue("ticks", "stream", 3, 3, 0));
        LoadSample now = sample(12, false, 2_000, topic("orders", 140),
                queue("kitchen", "classic", 250, 3, 1), queue("ticks", "stream", 9, 9, 0));
        assertThat(text(before, now)).isEqualTo(
                """
                        up 1 days 01:01:01   cpu 0.50 of 2 cores   heap 45.0 MiB of 512.0 MiB   connections: kafka 3, amqp 1
                        in 123/s   out of queues 103/s   ready 3   unacknowledged 1   not forced 0 B   disk free 75.2 GiB
                        NOT everything is in use: see taffrail status

                        NAME     VHOST  KIND     IN/S  OUT/S  READY  UNACKED  CONSUMERS  STORED
                        kitchen  /      classic  100   103    3      1        1          999 B
                        orders          topic    20    -      -      -        -          2.0 KiB
                        ticks    /      stream   3     -      9      0        1          999 B
                        """);
    }

    @Test
    void aQueueThatBeganAnewHasNoRate() {
        LoadSample before = sample(10, true, 0, queue("kitchen", "classic", 50, 5, 0));
        LoadSample now = sample(12, true, 0, queue("kitchen", "classic", 2, 2, 0));
        assertThat(text(before, now).lines().toList().getLast())
                .matches("kitchen +/ +classic +- +- +2 .*");
        assertThat(List.of(text(before, now).split("\n"))).contains(
                "in -/s   out of queues -/s   ready 2   unacknowledged 0   not forced 0 B   disk free 75.2 GiB");
    }
}
