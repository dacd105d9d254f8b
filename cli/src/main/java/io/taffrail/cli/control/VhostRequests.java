package io.taffrail.cli.control;

import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.vhost.VirtualHosts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Handles requests to add, delete and list virtual hosts. */
final class VhostRequests {

    private final VirtualHosts hosts;

    VhostRequests(VirtualHosts hosts) {
        this.hosts = hosts;
    }

    void add(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String type = fields.text("default_queue_type", "");
        String name = fields.text("name");
        var _ = hosts.create(name,
                type.isEmpty() ? Optional.empty() : Optional.of(type(type))).join();
        answer.accept(Map.of("created", name));
    }

    void delete(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        String name = new ControlFields(request).text("name");
        var _ = hosts.delete(name).join();
        answer.accept(Map.of("deleted", name));
    }

    void list(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        for (VirtualHost host : hosts.all()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("name", host.name());
            host.defaultQueueType()
                    .ifPresent(type -> object.put("default_queue_type", type.argument()));
            answer.accept(object);
        }
    }

    private static QueueType type(String text) {
        return QueueType.find(text).orElseThrow(() -> new IllegalArgumentException(
                "'" + text + "' is no type of queue; it is one of classic, quorum, stream"));
    }
}
