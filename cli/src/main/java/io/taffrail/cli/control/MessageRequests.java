package io.taffrail.cli.control;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.vhost.Publication;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.vhost.VirtualHosts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Handles requests to publish messages and to get them from a queue. */
final class MessageRequests {

    private static final Session SESSION = new Session("command");
    private static final int PERSISTENT = 2;
    private static final int TRANSIENT = 1;

    private final VirtualHosts hosts;

    MessageRequests(VirtualHosts hosts) {
        this.hosts = hosts;
    }

    /**
     * Publishes the messages whose bodies are in {@code bodies}, in base64; responds when each is
     * durable or refused.
     */
    void publish(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        Properties properties = properties(fields);
        List<Message> messages = new ArrayList<>();
        for (String body : fields.texts("bodies")) {
            messages.add(new Message(fields.text("exchange", ""), fields.text("routing_key"),
                    properties, ByteBuffer.wrap(Base64.getDecoder().decode(body))));
        }
        Publication publication = new Publication(messages);
        var _ = fields.inHost(hosts, publication::publish);
        answer.accept(publication.outcome());
    }

    private static Properties properties(ControlFields fields) {
        Properties properties = Properties.none().withOctet(Property.DELIVERY_MODE,
                fields.flag("transient") ? TRANSIENT : PERSISTENT);
        FieldTable headers = PlainTables.read(fields.object("headers"));
        return headers.entries().isEmpty() ? properties : properties.withHeaders(headers);
    }

    /**
     * Sends up to {@code count} messages of a queue. With {@code remove} each is acknowledged after
     * it was sent; all others return to their places in the queue at the end.
     */
    void get(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String queue = fields.text("name");
        GetHolder holder = new GetHolder(List.of());
        try {
            for (long left = fields.number("count", 1); left > 0; left--) {
                Taken taken = new Taken();
                var _ = fields.inHost(hosts,
                        host -> host.get(queue, SESSION, Optional.of(holder), taken));
                if (taken.object.isEmpty()) {
                    return;
                }
                answer.accept(taken.object);
                if (fields.flag("remove")) {
                    onOwner(fields, _ -> taken.settle());
                }
            }
        } finally {
            onOwner(fields, _ -> holder.close());
        }
    }

    private void onOwner(ControlFields fields, Consumer<VirtualHost> task) {
        var _ = fields.inHost(hosts, host -> {
            task.accept(host);
            return CompletableFuture.completedFuture(true);
        });
    }

    /** The result of a get; filled on the owner thread before the get completes. */
    private static final class Taken implements Getter {

        final Map<String, @Nullable Object> object = new LinkedHashMap<>();
        private final AtomicReference<Delivery> delivery = new AtomicReference<>();

        @Override
        public void got(Delivery taken, StoredMessage message, long left) {
            delivery.set(taken);
            MessageJson.put(message, taken.redelivered(), object);
        }

        @Override
        public void empty() {
            object.clear();
        }

        void settle() {
            delivery.get().accept();
        }
    }
}
