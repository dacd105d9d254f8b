package io.taffrail.http.management;

import io.taffrail.broker.user.Permissions;
import io.taffrail.broker.user.Users;
import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Permissions of users in virtual hosts. The broker has no topic permissions: lists of them are
 * empty, and setting one is refused.
 */
final class PermissionRoutes {

    private final Users users;
    private final UserRoutes known;
    private final VirtualHosts hosts;

    PermissionRoutes(Users users, UserRoutes known, VirtualHosts hosts) {
        this.users = users;
        this.known = known;
        this.hosts = hosts;
    }

    void register(HttpRoutes routes) {
        String one = "/api/permissions/{vhost}/{user}";
        routes.on("GET", "/api/permissions", HttpTag.ADMINISTRATOR,
                call -> Listing.of(call, all((_, _) -> true)))
                .on("GET", one, HttpTag.ADMINISTRATOR, this::show)
                .on("PUT", one, HttpTag.ADMINISTRATOR, this::put)
                .on("DELETE", one, HttpTag.ADMINISTRATOR, this::delete)
                .on("GET", "/api/users/{user}/permissions", HttpTag.ADMINISTRATOR, this::ofUser)
                .on("GET", "/api/vhosts/{vhost}/permissions", HttpTag.ADMINISTRATOR,
                        this::ofHost);
        String topic = "/api/topic-permissions";
        for (String path : List.of(topic, "/api/users/{user}/topic-permissions",
                "/api/vhosts/{vhost}/topic-permissions")) {
            routes.on("GET", path, HttpTag.ADMINISTRATOR, _ -> HttpAnswer.json(List.of()));
        }
        routes.on("GET", topic + "/{vhost}/{user}", HttpTag.ADMINISTRATOR, _ -> {
            throw HttpProblem.notFound();
        }).on("PUT", topic + "/{vhost}/{user}", HttpTag.ADMINISTRATOR, _ -> {
            throw HttpProblem.badRequest("topic permissions are not supported");
        }).on("DELETE", topic + "/{vhost}/{user}", HttpTag.ADMINISTRATOR, _ -> {
            throw HttpProblem.notFound();
        });
    }

    /** All permissions; users of the configuration have all of them in every host. */
    List<Map<String, @Nullable Object>> all(BiPredicate<String, String> wanted) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (String user : known.names()) {
            granted(user).forEach((host, permissions) -> {
                if (wanted.test(user, host)) {
                    list.add(object(user, host, permissions));
                }
            });
        }
        return list;
    }

    private Map<String, Permissions> granted(String user) {
        if (users.has(user)) {
            return new TreeMap<>(users.permissions(user));
        }
        Map<String, Permissions> all = new TreeMap<>();
        hosts.all().forEach(host -> all.put(host.name(), Permissions.of(".*", ".*", ".*")));
        return all;
    }

    private static Map<String, @Nullable Object> object(String user, String host,
            Permissions granted) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("user", user);
        object.put("vhost", host);
        object.put("configure", granted.configure().text());
        object.put("write", granted.write().text());
        object.put("read", granted.read().text());
        return object;
    }

    private HttpAnswer show(HttpCall call) {
        String host = call.parameter("vhost");
        String user = call.parameter("user");
        return all((it, in) -> it.equals(user) && in.equals(host)).stream().findFirst()
                .map(HttpAnswer::json).orElseThrow(HttpProblem::notFound);
    }

    private HttpAnswer ofUser(HttpCall call) {
        String user = call.parameter("user");
        if (!known.exists(user)) {
            throw HttpProblem.notFound();
        }
        return Listing.of(call, all((it, _) -> it.equals(user)));
    }

    private HttpAnswer ofHost(HttpCall call) {
        String host = call.parameter("vhost");
        if (hosts.find(host).isEmpty()) {
            throw HttpProblem.notFound();
        }
        return Listing.of(call, all((_, it) -> it.equals(host)));
    }

    private HttpAnswer put(HttpCall call) {
        String user = call.parameter("user");
        String host = call.parameter("vhost");
        HttpFields fields = call.fields();
        fields.require("configure", "write", "read");
        if (!known.exists(user) || hosts.find(host).isEmpty()) {
            throw HttpProblem.badRequest("vhost_or_user_not_found");
        }
        boolean existed = granted(user).containsKey(host);
        put(user, host, fields);
        return HttpAnswer.changed(!existed);
    }

    /** Sets permissions of a stored user. Those of the configuration keep theirs. */
    void put(String user, String host, HttpFields fields) {
        Permissions wanted = Permissions.of(fields.text("configure", ""),
                fields.text("write", ""), fields.text("read", ""));
        if (!users.has(user)) {
            throw HttpProblem.badRequest("user '" + user + "' is set by amqp.users");
        }
        var _ = users.setPermissions(user, host, wanted).join();
    }

    private HttpAnswer delete(HttpCall call) {
        String user = call.parameter("user");
        String host = call.parameter("vhost");
        if (!users.has(user) || !users.permissions(user).containsKey(host)) {
            throw HttpProblem.notFound();
        }
        var _ = users.clearPermissions(user, host).join();
        return HttpAnswer.empty(204);
    }
}
