package io.taffrail.http.console;

import io.taffrail.broker.queue.DelayedMessages.Pending;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.management.HostScope;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Delayed messages of a virtual host: list and cancel. */
final class DelayedRoutes {

    private static final int MOST = 200;
    private static final int USUAL = 100;

    private final HostScope scope;

    DelayedRoutes(HostScope scope) {
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/taffrail/delayed/{vhost}", HttpTag.MANAGEMENT, this::list)
                .on("DELETE", "/api/taffrail/delayed/{vhost}/{number}", HttpTag.MANAGEMENT,
                        this::cancel);
    }

    private HttpAnswer list(HttpCall call) {
        VirtualHost host = scope.seen(call);
        long from = call.query("from").map(BrowseRoutes::offset).orElse(0L);
        int most = BrowseRoutes.number(call, "limit", USUAL, MOST);
        List<Pending> page = HostScope.look(host, it -> it.pending().list(from, most));
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("count", HostScope.look(host, it -> it.pending().count()));
        object.put("complete", page.size() < most);
        object.put("next", page.isEmpty() ? from : page.getLast().number() + 1);
        object.put("messages", page.stream().map(DelayedRoutes::object).toList());
        return HttpAnswer.json(object);
    }

    private static Map<String, Object> object(Pending pending) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("number", pending.number());
        object.put("due", pending.dueAtMs());
        object.put("exchange", pending.exchange());
        object.put("routing_key", pending.routingKey());
        object.put("bytes", pending.bodyBytes());
        return object;
    }

    /** Cancels a message; asks for the right to publish to its exchange. */
    private HttpAnswer cancel(HttpCall call) {
        VirtualHost host = scope.used(call);
        long number = BrowseRoutes.offset(call.parameter("number"));
        List<Pending> found = HostScope.look(host, it -> it.pending().list(number, 1));
        if (found.isEmpty() || found.getFirst().number() != number) {
            throw HttpProblem.notFound();
        }
        HostScope.access(call, host).exchange(Permission.WRITE, found.getFirst().exchange());
        if (!HostScope.in(host, it -> it.pending().cancel(number))) {
            throw HttpProblem.notFound();
        }
        return HttpAnswer.empty(204);
    }
}
