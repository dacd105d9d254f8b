package io.taffrail.cli.control;

import io.taffrail.broker.Broker;
import io.taffrail.broker.user.PasswordHash;
import io.taffrail.broker.user.Permissions;
import io.taffrail.broker.user.Users;
import io.taffrail.broker.vhost.VirtualHosts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Handles requests for stored users and their permissions. */
final class UserRequests {

    private final Users users;
    private final VirtualHosts hosts;

    UserRequests(Broker broker) {
        this.users = broker.users();
        this.hosts = broker.virtualHosts();
    }

    void add(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String name = fields.text("name");
        var _ = users.add(name, password(request)).join();
        answer.accept(Map.of("created", name));
    }

    /** Hashes the password on the thread of the control connection. */
    private static PasswordHash password(Map<?, ?> request) {
        ControlFields fields = new ControlFields(request);
        return request.containsKey("hash")
                ? PasswordHash.parse(fields.text("hash"))
                : PasswordHash.of(fields.text("password"));
    }

    void delete(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        String name = new ControlFields(request).text("name");
        var _ = users.delete(name).join();
        answer.accept(Map.of("deleted", name));
    }

    void setPassword(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String name = fields.text("name");
        var _ = users.setPassword(name, password(request)).join();
        answer.accept(Map.of("changed", name));
    }

    void setPermissions(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String host = fields.text("vhost", "/");
        if (hosts.find(host).isEmpty()) {
            throw RequestException.notFound("no virtual host '" + host + "'");
        }
        String name = fields.text("name");
        var _ = users.setPermissions(name, host, Permissions.of(
                fields.text("configure"), fields.text("write"), fields.text("read"))).join();
        answer.accept(Map.of("changed", name));
    }

    void clearPermissions(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String name = fields.text("name");
        var _ = users.clearPermissions(name, fields.text("vhost", "/")).join();
        answer.accept(Map.of("changed", name));
    }

    void list(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        for (String name : users.names()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("name", name);
            Map<String, Object> permissions = new LinkedHashMap<>();
            new TreeMap<>(users.permissions(name))
                    .forEach((host, granted) -> permissions.put(host, object(granted)));
            object.put("permissions", permissions);
            answer.accept(object);
        }
    }

    private static Map<String, Object> object(Permissions granted) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("configure", granted.configure().text());
        object.put("write", granted.write().text());
        object.put("read", granted.read().text());
        return object;
    }
}
