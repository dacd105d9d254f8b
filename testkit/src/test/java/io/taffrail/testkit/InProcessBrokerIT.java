package io.taffrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ClientSettings;
import io.taffrail.kafka.client.NewRecord;
import io.taffrail.kafka.client.ReaderSettings;
import io.taffrail.kafka.client.RecordReader;
import io.taffrail.kafka.client.RecordWriter;
import io.taffrail.kafka.client.WriterSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InProcessBrokerIT {

    @RegisterExtension
    static final TaffrailExtension SHARED = new TaffrailExtension(
            builder -> builder.inMemory().set("num.partitions", "3"));

    private static BrokerClient connect(TaffrailBroker broker) {
        return BrokerClient.connect(ClientSettings.of(broker.bootstrap()));
    }

    private static void write(BrokerClient client, String topic, String... values) {
        try (RecordWriter writer = client.writer(WriterSettings.defaults(),
                (record, partition, offset) -> {})) {
            for (String value : values) {
                writer.write(NewRecord.of(topic, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static List<String> read(BrokerClient client, String topic) {
        List<String> values = new ArrayList<>();
        try (RecordReader reader = client.reader(ReaderSettings.of(topic))) {
            while (!reader.atEnd()) {
                reader.read(Duration.ofSeconds(1)).forEach(record -> values
                        .add(new String(record.value(), StandardCharsets.UTF_8)));
            }
        }
        return values;
    }

    @Test
    void servesAClientInTheSameProcess(TaffrailBroker broker) {
        try (BrokerClient client = connect(broker)) {
            write(client, "greetings", "hello");

            assertThat(read(client, "greetings")).containsExactly("hello");
            assertThat(client.topics().describe("greetings").partitions()).hasSize(3);
        }
        assertThat(broker.dataDir()).isEmpty();
        assertThat(SHARED.broker()).isSameAs(broker);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsRecordsAndPortOverRestartAndKill(boolean inMemory) {
        TaffrailBroker.Builder builder = TaffrailBroker.builder();
        try (TaffrailBroker broker = (inMemory ? builder.inMemory() : builder).start()) {
            String bootstrap = broker.bootstrap();
            try (BrokerClient client = connect(broker)) {
                write(client, "t", "one");
            }
            broker.restart();
            try (BrokerClient client = connect(broker)) {
                write(client, "t", "two");
            }
            broker.kill();

            assertThat(broker.bootstrap()).isEqualTo(bootstrap);
            try (BrokerClient client = connect(broker)) {
                assertThat(read(client, "t")).containsExactly("one", "two");
            }
        }
    }

    @Test
    void clockGoesAheadAsToldAndStandsStillIfStopped() {
        Instant start = Instant.parse("2026-01-31T12:00:00Z");
        TestClock clock = TestClock.stoppedAt(start);

        clock.advance(Duration.ofHours(1));

        assertThat(clock.instant()).isEqualTo(start.plusSeconds(3600));
    }
}
