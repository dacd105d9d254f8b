package io.taffrail.http.management;

import io.taffrail.broker.limit.LimitKind;
import io.taffrail.broker.limit.LimitKind.Subject;
import io.taffrail.broker.limit.ObjectLimits;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Limits of virtual hosts and users: list, set, clear. */
final class LimitRoutes {

    private final ObjectLimits limits;
    private final HostScope scope;
    private final UserRoutes known;

    LimitRoutes(ObjectLimits limits, HostScope scope, UserRoutes known) {
        this.limits = limits;
        this.scope = scope;
        this.known = known;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/vhost-limits", HttpTag.MANAGEMENT,
                call -> list(call, Subject.HOST, "vhost", host -> scope.hosts().find(host)
                        .filter(it -> HostScope.sees(call.user(), it)).isPresent()))
                .on("GET", "/api/vhost-limits/{vhost}", HttpTag.MANAGEMENT, call -> {
                    String host = scope.seen(call).name();
                    return list(call, Subject.HOST, "vhost", host::equals);
                })
                .on("PUT", "/api/vhost-limits/{vhost}/{name}", HttpTag.ADMINISTRATOR,
                        call -> set(call, Subject.HOST, host(call)))
                .on("DELETE", "/api/vhost-limits/{vhost}/{name}", HttpTag.ADMINISTRATOR,
                        call -> clear(call, Subject.HOST, host(call)))
                .on("GET", "/api/user-limits", HttpTag.ADMINISTRATOR,
                        call -> list(call, Subject.USER, "user", _ -> true))
                .on("GET", "/api/user-limits/{user}", HttpTag.ADMINISTRATOR, call -> {
                    String user = user(call);
                    return list(call, Subject.USER, "user", user::equals);
                })
                .on("PUT", "/api/user-limits/{user}/{name}", HttpTag.ADMINISTRATOR,
                        call -> set(call, Subject.USER, user(call)))
                .on("DELETE", "/api/user-limits/{user}/{name}", HttpTag.ADMINISTRATOR,
                        call -> clear(call, Subject.USER, user(call)));
    }

    private String host(HttpCall call) {
        return scope.hosts().find(call.parameter("vhost")).orElseThrow(HttpProblem::notFound)
                .name();
    }

    private String user(HttpCall call) {
        String user = call.parameter("user");
        if (!known.exists(user)) {
            throw HttpProblem.notFound();
        }
        return user;
    }

    private HttpAnswer list(HttpCall call, Subject subject, String field,
            Predicate<String> wanted) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        limits.all(subject).forEach((name, values) -> {
            if (wanted.test(name)) {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                object.put(field, name);
                object.put("value", values);
                list.add(object);
            }
        });
        return Listing.of(call, list);
    }

    private static LimitKind kind(HttpCall call, Subject subject) {
        String name = call.parameter("name");
        return LimitKind.find(subject, name).orElseThrow(
                () -> HttpProblem.badRequest("Unrecognised limit: " + name));
    }

    private HttpAnswer set(HttpCall call, Subject subject, String name) {
        LimitKind kind = kind(call, subject);
        call.fields().require("value");
        var _ = limits.set(kind, name, call.fields().number("value", 0)).join();
        return HttpAnswer.empty(204);
    }

    private HttpAnswer clear(HttpCall call, Subject subject, String name) {
        Optional<LimitKind> kind = LimitKind.find(subject, call.parameter("name"));
        if (kind.isPresent()) {
            var _ = limits.clear(kind.get(), name).join();
        }
        return HttpAnswer.empty(204);
    }
}
