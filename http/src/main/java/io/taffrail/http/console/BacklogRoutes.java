package io.taffrail.http.console;

import io.taffrail.broker.queue.QueueDepth;
import io.taffrail.broker.vhost.Inspection.Backlog;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.management.HostScope;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.log.spi.ReadableLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The queues with the largest backlogs, with the age of their oldest waiting messages. The oldest
 * message of a queue is read from its log, so this is done for {@value #MOST_READ} queues at most.
 */
final class BacklogRoutes {

    /** Number of queues of each virtual host of which the oldest message is read. */
    private static final int MOST_READ = 20;

    private final HostScope scope;

    BacklogRoutes(HostScope scope) {
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/taffrail/backlog", HttpTag.MANAGEMENT, this::backlog);
    }

    private HttpAnswer backlog(HttpCall call) {
        List<Map<String, @Nullable Object>> queues = new ArrayList<>();
        long stored = 0;
        for (VirtualHost host : scope.seen(call.user())) {
            stored += HostScope.look(host, it -> it.inspection().stored());
            HostScope.look(host, it -> it.inspection().backlogs(MOST_READ))
                    .forEach(it -> queues.add(object(host.name(), it)));
        }
        queues.sort(Comparator.comparing(it -> it.get("messages_ready") instanceof Long ready
                ? -ready
                : 0L));
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("messages_stored", stored);
        object.put("oldest", queues.stream().map(it -> it.get("oldest"))
                .filter(Long.class::isInstance).mapToLong(it -> (Long) it).min().stream().boxed()
                .findFirst().orElse(null));
        object.put("queues", queues.subList(0, Math.min(MOST_READ, queues.size())));
        return HttpAnswer.json(object);
    }

    private static Map<String, @Nullable Object> object(String host, Backlog backlog) {
        QueueDepth depth = backlog.depth();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("vhost", host);
        object.put("name", backlog.queue());
        object.put("messages_ready", depth.ready());
        object.put("messages_unacknowledged", depth.held());
        object.put("consumers", backlog.consumers());
        OptionalLong oldest = backlog.log().map(log -> time(log, backlog.head()))
                .orElseGet(OptionalLong::empty);
        object.put("oldest", oldest.isPresent() ? oldest.getAsLong() : null);
        return object;
    }

    /** The time at which the first message from an offset on arrived. */
    static OptionalLong time(ReadableLog log, OptionalLong offset) {
        if (offset.isEmpty()) {
            return OptionalLong.empty();
        }
        LogPage page = new LogPage(log, offset.getAsLong());
        page.read(1, _ -> true, new MessageForm(0));
        return page.messages().isEmpty()
                || !(page.messages().getFirst().get("timestamp") instanceof Long timeMs)
                        ? OptionalLong.empty()
                        : OptionalLong.of(timeMs);
    }
}
