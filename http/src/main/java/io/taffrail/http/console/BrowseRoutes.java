package io.taffrail.http.console;

import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.why.MessageState;
import io.taffrail.http.management.HostScope;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages of queues and streams, looked at without being taken. The log is read on the request's
 * thread; only the states of the messages on a page are asked of the owner.
 */
final class BrowseRoutes {

    /** Most messages of a page. */
    private static final int MOST = 200;
    private static final int USUAL = 50;
    /** Most bytes of a body on a page, and of one that is shown alone. */
    private static final int PAGE_BODY_BYTES = 16 << 10;
    private static final int BODY_BYTES = 4 << 20;

    private final HostScope scope;

    BrowseRoutes(HostScope scope) {
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        String queue = "/api/taffrail/queues/{vhost}/{name}/messages";
        routes.on("GET", queue, HttpTag.MANAGEMENT, this::page)
                .on("GET", queue + "/{offset}", HttpTag.MANAGEMENT, this::one);
    }

    private HttpAnswer page(HttpCall call) {
        VirtualHost host = scope.used(call);
        String queue = readable(call, host);
        LogPage page = new LogPage(log(host, queue), from(call, log(host, queue)));
        page.read(number(call, "limit", USUAL, MOST), new MessageFilter(call),
                new MessageForm(PAGE_BODY_BYTES));
        states(host, queue, page.messages());
        return HttpAnswer.json(page.object());
    }

    private static String readable(HttpCall call, VirtualHost host) {
        String queue = call.parameter("name");
        HostScope.access(call, host).queue(Permission.READ, queue);
        return queue;
    }

    private static ReadableLog log(VirtualHost host, String queue) {
        return HostScope.look(host, it -> it.inspection().log(queue));
    }

    /** The first offset that a request asks for: an offset, a time, or a number from the end. */
    static long from(HttpCall call, ReadableLog log) {
        if (call.query("time").isPresent()) {
            return log.offsetForTime(whole(call, "time")).map(TimedOffset::offset)
                    .orElseGet(log::lastStableOffset);
        }
        if (call.query("last").isPresent()) {
            return log.lastStableOffset() - whole(call, "last");
        }
        return call.query("from").isPresent() ? whole(call, "from") : log.startOffset();
    }

    private static long whole(HttpCall call, String name) {
        try {
            return Long.parseLong(call.query(name).orElse(""));
        } catch (NumberFormatException _) {
            throw HttpProblem.badRequest("'" + name + "' is no whole number");
        }
    }

    static int number(HttpCall call, String name, int usual, int most) {
        long value = call.query(name).isPresent() ? whole(call, name) : usual;
        if (value < 1 || value > most) {
            throw HttpProblem.badRequest("'" + name + "' is 1 to " + most);
        }
        return (int) value;
    }

    private static void states(VirtualHost host, String queue,
            List<Map<String, @Nullable Object>> messages) {
        long[] offsets = messages.stream().mapToLong(BrowseRoutes::offset).toArray();
        List<MessageState> states = HostScope.look(host,
                it -> it.inspection().states(queue, offsets));
        for (int index = 0; index < offsets.length; index++) {
            messages.get(index).put("state", text(states.get(index)));
        }
    }

    private static long offset(Map<String, @Nullable Object> message) {
        return message.get("offset") instanceof Long offset ? offset : -1;
    }

    static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private HttpAnswer one(HttpCall call) {
        VirtualHost host = scope.used(call);
        String queue = readable(call, host);
        long offset = offset(call.parameter("offset"));
        LogPage page = new LogPage(log(host, queue), offset);
        page.read(1, _ -> true, new MessageForm(BODY_BYTES));
        if (page.messages().isEmpty() || offset(page.messages().getFirst()) != offset) {
            throw HttpProblem.notFound();
        }
        states(host, queue, page.messages());
        return HttpAnswer.json(page.messages().getFirst());
    }

    static long offset(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw HttpProblem.badRequest("an offset is a whole number");
        }
    }
}
