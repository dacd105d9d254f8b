package io.taffrail.cli.control;

import io.taffrail.net.ClientConnections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Handles requests to list and close connections of clients. */
final class ConnectionRequests {

    private final Map<String, ClientConnections> heads;

    /**
     * @param heads
     *            the heads by the name of their protocol
     */
    ConnectionRequests(Map<String, ClientConnections> heads) {
        this.heads = new TreeMap<>(heads);
    }

    void list(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        heads.forEach((protocol, head) -> head.list().forEach(connection -> {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("name", connection.name());
            object.put("protocol", protocol);
            object.put("listener", connection.listener());
            object.putAll(new TreeMap<>(connection.client()));
            answer.accept(object);
        }));
    }

    void close(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        String name = new ControlFields(request).text("name");
        if (heads.values().stream().noneMatch(head -> head.close(name))) {
            throw RequestException.notFound("no connection '" + name + "'");
        }
        answer.accept(Map.of("closed", name));
    }
}
