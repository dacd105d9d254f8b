package io.taffrail.http.console;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.move.DeathOrigin;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.Inspection.Backlog;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.console.LetterGroups.Group;
import io.taffrail.http.management.HostScope;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.log.spi.ReadableLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Dead letters: the queues that have some, and a summary by the places that they came from. */
final class LetterRoutes {

    /** Number of queues of each virtual host of which the first message is looked at. */
    private static final int MOST_READ = 100;

    private final HostScope scope;

    LetterRoutes(HostScope scope) {
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/taffrail/letters", HttpTag.MANAGEMENT, this::queues)
                .on("GET", "/api/taffrail/queues/{vhost}/{name}/letters", HttpTag.MANAGEMENT,
                        this::letters);
    }

    /** Queues whose next message is a dead letter, and those that dead letters are routed to. */
    private HttpAnswer queues(HttpCall call) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (VirtualHost host : scope.seen(call.user())) {
            Set<String> names = new LinkedHashSet<>();
            HostScope.look(host, it -> it.inspection().backlogs(MOST_READ)).stream()
                    .filter(LetterRoutes::beginsWithALetter)
                    .forEach(it -> names.add(it.queue()));
            names.addAll(HostScope.look(host, LetterRoutes::targets));
            HostScope.look(host, it -> names.stream()
                    .flatMap(name -> it.inventory().queue(name).stream()).toList())
                    .forEach(queue -> {
                        Map<String, Object> object = new LinkedHashMap<>();
                        object.put("vhost", host.name());
                        object.put("name", queue.declaration().name());
                        object.put("messages_ready", queue.depth().ready());
                        object.put("messages_unacknowledged", queue.depth().held());
                        object.put("consumers", queue.consumers());
                        list.add(object);
                    });
        }
        return HttpAnswer.json(list);
    }

    private static boolean beginsWithALetter(Backlog backlog) {
        if (backlog.head().isEmpty() || backlog.log().isEmpty()) {
            return false;
        }
        LogPage page = new LogPage(backlog.log().get(), backlog.head().getAsLong());
        boolean[] isLetter = new boolean[1];
        page.read(1, message -> {
            isLetter[0] = DeathOrigin.of(Properties.of(message.properties())).isPresent();
            return true;
        }, new MessageForm(0));
        return isLetter[0];
    }

    /** The queues that the declared dead-letter exchanges route to directly. */
    private static Set<String> targets(VirtualHost host) {
        Set<String> exchanges = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        host.inventory().queues().forEach(queue -> {
            FieldTable arguments = queue.declaration().arguments();
            text(arguments, "x-dead-letter-exchange").ifPresent(exchange -> {
                if (exchange.isEmpty()) {
                    text(arguments, "x-dead-letter-routing-key").ifPresent(names::add);
                } else {
                    exchanges.add(exchange);
                }
            });
        });
        if (!exchanges.isEmpty()) {
            host.inventory().bindings().stream()
                    .filter(it -> it.toQueue() && exchanges.contains(it.source()))
                    .forEach(it -> names.add(it.destination()));
        }
        return names;
    }

    private static Optional<String> text(FieldTable table, String name) {
        return table.get(name).flatMap(value -> value instanceof FieldValue.Text(String text)
                ? Optional.of(text)
                : Optional.empty());
    }

    /** A summary of the dead letters that wait in a queue, by the places they came from. */
    private HttpAnswer letters(HttpCall call) {
        VirtualHost host = scope.used(call);
        String queue = call.parameter("name");
        HostScope.access(call, host).queue(Permission.READ, queue);
        ReadableLog log = HostScope.look(host, it -> it.inspection().log(queue));
        LetterGroups groups = new LetterGroups(host, queue);
        LogPage page = new LogPage(log, log.startOffset());
        page.read(Integer.MAX_VALUE, message -> {
            groups.add(message);
            return false;
        }, new MessageForm(0));
        groups.settle();
        Map<String, @Nullable Object> object = page.object();
        object.remove("messages");
        object.put("without_history", groups.others());
        object.put("more_groups", groups.isFull());
        object.put("groups", groups.all().stream().map(group -> object(host, group)).toList());
        return HttpAnswer.json(object);
    }

    private static Map<String, Object> object(VirtualHost host, Group group) {
        DeathOrigin origin = group.origin();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("queue", origin.queue());
        object.put("reason", origin.reason());
        object.put("exchange", origin.exchange());
        object.put("routing_key", origin.routingKey());
        object.put("messages", group.messages());
        object.put("redriven_before", group.redriven());
        object.put("oldest", group.oldestMs());
        object.put("newest", group.newestMs());
        object.put("first_offset", group.firstOffset());
        object.put("exists", HostScope.look(host,
                it -> it.inventory().queue(origin.queue()).isPresent()));
        return object;
    }
}
