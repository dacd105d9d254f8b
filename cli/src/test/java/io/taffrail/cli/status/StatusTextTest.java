package io.taffrail.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.cli.terminal.Output;
import io.taffrail.net.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTextTest {

    @Test
    void namesWhatIsOutOfUseAndWhy() {
        String text = text(
                """
                        {"healthy":false,"version":"1.0","java":"25","pid":7,"started":"2026-01-31T12:00:00Z",
                         "uptime_ms":90061000,
                         "listeners":[{"protocol":"kafka","address":"127.0.0.1:9092","connections":3}],
                         "storage":{"location":"/data","durability":"fsync","logs":12,"unforced_bytes":0,
                           "failure":"no space"},
                         "memory":{"budget_bytes":1000,"charged_bytes":10},
                         "process":{"cpu_ms":20,"cores":2,"heap_used_bytes":5,"heap_max_bytes":9},
                         "contents":{"topics":3,"partitions":4,"virtual_hosts":1,"queues":2,"consumers":1,"ready":7,"unacknowledged":6},
                         "quarantined_queues":[{"vhost":"/","queue":"evil\\u001b[2K","since":"then","cause":"a bug"}],
                         "quarantined_logs":[{"log":"t@x-0","name":"t-0","cause":"a bug"},{"log":"@outbox-1","cause":"another"}],
                         "lost_letters":3,
                         "offline_partitions":[{"topic":"orders","partition":2,"cause":"damage"}],
                         "troubles":[{"log":"a/b","work":"compaction","since":"then","cause":"EIO"}]}""");

        assertThat(text).isEqualTo("""
                version     1.0 on Java 25
                pid         7
                up          1 days 01:01:01, since 2026-01-31T12:00:00Z
                process     CPU time: 20 ms, cores: 2, heap: 5 of 9 bytes
                listening   kafka 127.0.0.1:9092, connections: 3
                storage     /data, durability fsync
                            logs: 12, bytes not forced: 0, bytes free: -
                            FAILED: no space
                memory      10 of 1000 bytes held for clients
                topics      3, with the durable queues; partitions: 4
                queues      2, with streams and partitions; virtual hosts: 1
                            consumers: 1, ready: 7, unacknowledged: 6
                health      NOT everything is in use
                lost        3 dead letters or delayed messages since the start (LTR-002 in the log)

                QUARANTINED QUEUE  VHOST  SINCE  CAUSE
                evil\\u001b[2K      /      then   a bug

                QUARANTINED LOG  NAME  CAUSE
                t@x-0            t-0   a bug
                @outbox-1        -     another

                OFFLINE TOPIC  PARTITION  CAUSE
                orders         2          damage

                LOG IN TROUBLE  WORK        SINCE  NEXT TRY  CAUSE
                a/b             compaction  then   -         EIO
                """);
    }

    @Test
    void queuesAreUnknownIfAVirtualHostHangs() {
        assertThat(text("""
                {"healthy":true,"contents":{"topics":3,"partitions":4,"virtual_hosts":1}}"""))
                .contains("queues      unknown: a virtual host did not answer\n");
    }

    private static String text(String json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output out = new Output(bytes);
        if (Json.read(json) instanceof Map<?, ?> report) {
            new StatusText(report).print(out);
        }
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
