package io.taffrail.kafka.client;

import io.taffrail.kafka.client.ClientException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A client of one broker; it creates the writers, readers and admin objects of this package. */
public final class BrokerClient implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final ClientSettings settings;
    private @Nullable Admin admin;

    private BrokerClient(ClientSettings settings) {
        this.settings = settings;
    }

    /**
     * Creates a client after checking that a bootstrap address accepts connections. Kafka's own
     * clients would retry for a minute and then report a time-out.
     */
    public static BrokerClient connect(ClientSettings settings) {
        List<InetSocketAddress> addresses;
        try {
            addresses = ClientUtils.parseAndValidateAddresses(
                    List.of(settings.bootstrap().split(",")), "use_all_dns_ips");
        } catch (KafkaException e) {
            throw Failures.of("address " + settings.bootstrap(), e);
        }
        String reason = "no address";
        for (InetSocketAddress address : addresses) {
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_TIMEOUT_MS);
                return new BrokerClient(settings);
            } catch (IOException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        throw new ClientException(Reason.UNREACHABLE,
                "no broker at " + settings.bootstrap() + ": " + reason);
    }

    /** Administration of topics. The result is valid until this client is closed. */
    public TopicAdmin topics() {
        return new TopicAdmin(admin());
    }

    /** Administration of groups. The result is valid until this client is closed. */
    public GroupAdmin groups() {
        return new GroupAdmin(admin());
    }

    /** Opens a writer. Closing it waits until all its records are acknowledged. */
    public RecordWriter writer(WriterSettings writer, RecordWriter.Listener listener) {
        return RecordWriter.open(settings, writer, listener);
    }

    /** Opens a reader, which the caller must close. */
    public RecordReader reader(ReaderSettings reader) {
        return RecordReader.open(settings, reader);
    }

    private Admin admin() {
        Admin present = admin;
        if (present == null) {
            present = Admin.create(settings.with(Map.of()));
            admin = present;
        }
        return present;
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
