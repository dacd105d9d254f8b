package io.taffrail.cli.control;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.vhost.Inventory;
import io.taffrail.broker.vhost.Inventory.QueueEntry;
import io.taffrail.broker.vhost.VirtualHosts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Handles requests to list, purge, delete and reopen queues, and to list exchanges and bindings.
 */
final class QueueRequests {

    private static final Session SESSION = new Session("command");

    private final VirtualHosts hosts;

    QueueRequests(VirtualHosts hosts) {
        this.hosts = hosts;
    }

    void list(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        all(request, Inventory::queues).forEach(queue -> answer.accept(object(queue)));
    }

    private <T> List<T> all(Map<?, ?> request, Function<Inventory, List<T>> what) {
        return new ControlFields(request).inHost(hosts,
                host -> CompletableFuture.completedFuture(what.apply(host.inventory())));
    }

    private static Map<String, Object> object(QueueEntry queue) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", queue.declaration().name());
        object.put("type", queue.type().argument());
        object.put("durable", queue.declaration().durable());
        object.put("exclusive", queue.declaration().exclusive());
        object.put("auto_delete", queue.declaration().autoDelete());
        object.put("arguments", PlainTables.plain(queue.declaration().arguments()));
        object.put("ready", queue.depth().ready());
        object.put("unacknowledged", queue.depth().held());
        object.put("consumers", queue.consumers());
        queue.quarantine().ifPresent(it -> {
            object.put("quarantined_since", it.since().toString());
            object.put("quarantined_for", it.cause());
        });
        queue.policy().ifPresent(policy -> object.put("policy", policy));
        return object;
    }

    void purge(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String name = fields.text("name");
        long purged = fields.inHost(hosts, host -> host.purgeQueue(name, SESSION));
        answer.accept(effect("purged", name, purged));
    }

    void delete(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String name = fields.text("name");
        long ready = fields.inHost(hosts, host -> host.checkQueue(name, SESSION)
                .thenCompose(_ -> host.deleteQueue(name, SESSION, fields.flag("if_unused"),
                        fields.flag("if_empty"))));
        answer.accept(effect("deleted", name, ready));
    }

    private static Map<String, Object> effect(String verb, String queue, long messages) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put(verb, queue);
        object.put("messages", messages);
        return object;
    }

    void reopen(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String name = fields.text("name");
        fields.inHost(hosts, host -> host.reopenQueue(name));
        answer.accept(Map.of("reopened", name));
    }

    void exchanges(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        all(request, Inventory::exchanges).forEach(exchange -> {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("name", exchange.name());
            object.put("type", exchange.type());
            object.put("durable", exchange.durable());
            object.put("auto_delete", exchange.autoDelete());
            object.put("internal", exchange.internal());
            object.put("arguments", PlainTables.plain(exchange.arguments()));
            answer.accept(object);
        });
    }

    void bindings(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        all(request, Inventory::bindings).stream().sorted(Binding.BY_ENDS).forEach(binding -> {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("source", binding.source());
            object.put("destination", binding.destination());
            object.put("destination_type", binding.toQueue() ? "queue" : "exchange");
            object.put("routing_key", binding.key());
            object.put("arguments", PlainTables.plain(binding.arguments()));
            answer.accept(object);
        });
    }
}
