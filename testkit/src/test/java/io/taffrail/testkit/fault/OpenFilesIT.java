package io.taffrail.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ClientSettings;
import io.taffrail.kafka.client.NewRecord;
import io.taffrail.kafka.client.RecordWriter;
import io.taffrail.kafka.client.WriterSettings;
import io.taffrail.testkit.ForkedBroker;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections without a login do not exhaust the open files that the broker needs for storage. */
@Timeout(120)
class OpenFilesIT {

    private static final int FILES = 512;

    @TempDir
    private Path dir;

    @Test
    void theBrokerStoresWhileStrangersHoldAllTheSocketsThereAre() throws Exception {
        try (ForkedBroker broker = ForkedBroker.startWithFiles(FILES, dir.resolve("data"),
                Map.of("log.open.files", "4"));
                BrokerClient client = BrokerClient
                        .connect(ClientSettings.of(broker.bootstrap()));
                RecordWriter writer = writer(client)) {
            // Both connect to the broker before the strangers do.
            write(client, writer, "before");
            List<Socket> strangers = connect(broker.bootstrap(), FILES);
            try {
                for (int i = 0; i < 20; i++) {
                    write(client, writer, "during" + i);
                }
                assertThat(broker.output()).contains("NET-001", "ulimit -n");
            } finally {
                for (Socket stranger : strangers) {
                    stranger.close();
                }
            }
            try (BrokerClient another = BrokerClient
                    .connect(ClientSettings.of(broker.bootstrap()));
                    RecordWriter anothers = writer(another)) {
                write(another, anothers, "after");
            }
            assertThat(broker.stop()).isZero();
        }
    }

    /** A connect means only that the kernel accepted the connection. */
    private static List<Socket> connect(String address, int count) throws IOException {
        int colon = address.lastIndexOf(':');
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new Socket(address.substring(0, colon),
                    Integer.parseInt(address.substring(colon + 1))));
        }
        return sockets;
    }

    private static RecordWriter writer(BrokerClient client) {
        return client.writer(WriterSettings.defaults(), (record, partition, offset) -> {});
    }

    private static void write(BrokerClient client, RecordWriter writer, String topic) {
        writer.write(NewRecord.of(topic, new byte[100]));
        writer.flush();
        assertThat(client.topics().describe(topic).partitions()).hasSize(1);
    }
}
