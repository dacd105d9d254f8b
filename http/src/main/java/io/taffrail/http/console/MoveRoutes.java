package io.taffrail.http.console;

import io.taffrail.broker.move.DeathOrigin;
import io.taffrail.broker.move.HeldMessage;
import io.taffrail.broker.move.MessageMove;
import io.taffrail.broker.move.MessageMove.Outcome;
import io.taffrail.broker.move.MovePlan;
import io.taffrail.broker.move.MoveTarget;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.management.HostScope;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Moves messages of a queue to another one, or dead letters to where they came from. A client that
 * breaks off does not stop a move that has begun.
 */
final class MoveRoutes {

    private static final int USUAL = 1000;
    private static final Session SESSION = new Session("console");

    private final HostScope scope;

    MoveRoutes(HostScope scope) {
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        String queue = "/api/taffrail/queues/{vhost}/{name}";
        routes.on("POST", queue + "/move", HttpTag.MANAGEMENT, this::move)
                .on("POST", queue + "/redrive", HttpTag.MANAGEMENT, this::redrive);
    }

    private HttpAnswer move(HttpCall call) {
        VirtualHost host = scope.used(call);
        HttpFields fields = call.fields();
        fields.require("queue");
        String target = fields.text("queue", "");
        checkTarget(call, host, target);
        return run(call, host, fields, chosen(fields, MovePlan.to(target)));
    }

    private static void checkTarget(HttpCall call, VirtualHost host, String target) {
        if (target.equals(call.parameter("name"))) {
            throw HttpProblem.badRequest("the messages are in '" + target + "' already");
        }
        HostScope.access(call, host).queue(Permission.WRITE, target);
        if (HostScope.look(host, it -> it.inventory().queue(target)).isEmpty()) {
            throw HttpProblem.badRequest("no queue '" + target + "'");
        }
    }

    /** Restricts a plan to the offsets that a request lists. */
    private static MovePlan chosen(HttpFields fields, MovePlan plan) {
        if (!fields.has("offsets")) {
            return plan;
        }
        Set<Long> offsets = new HashSet<>();
        for (Object offset : fields.list("offsets")) {
            if (!(offset instanceof BigDecimal number)) {
                throw HttpProblem.badRequest(List.of("not_integer", offset.toString()));
            }
            offsets.add(number.longValue());
        }
        return message -> offsets.contains(message.offset())
                ? plan.target(message)
                : Optional.empty();
    }

    private HttpAnswer run(HttpCall call, VirtualHost host, HttpFields fields, MovePlan plan) {
        String queue = call.parameter("name");
        HostScope.access(call, host).queue(Permission.READ, queue);
        HostScope.run(host, it -> it.checkQueue(queue, SESSION));
        long most = fields.number("count", USUAL);
        if (most < 1 || most > MessageMove.MOST) {
            throw HttpProblem.badRequest("'count' is 1 to " + MessageMove.MOST);
        }
        Outcome outcome = new MessageMove(host, queue, plan).run(most);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("moved", outcome.moved());
        object.put("stayed", outcome.stayed());
        object.put("refused", outcome.refused());
        object.put("complete", outcome.complete());
        return HttpAnswer.json(object);
    }

    /**
     * Moves dead letters to the queues that they came from. {@code origins} lists those queues; an
     * origin may name another queue in {@code to}.
     */
    private HttpAnswer redrive(HttpCall call) {
        VirtualHost host = scope.used(call);
        HttpFields fields = call.fields();
        Map<String, String> targets = new LinkedHashMap<>();
        for (Object each : fields.list("origins")) {
            if (!(each instanceof Map<?, ?> map)) {
                throw HttpProblem.badRequest(List.of("not_object", each.toString()));
            }
            HttpFields origin = new HttpFields(map);
            origin.require("queue");
            String queue = origin.text("queue", "");
            String to = origin.text("to", queue);
            checkTarget(call, host, to);
            targets.put(queue, to);
        }
        String queue = call.parameter("name");
        Access access = HostScope.access(call, host);
        MovePlan plan = message -> target(queue, message, targets, access);
        return run(call, host, fields, chosen(fields, plan));
    }

    /** Without a list of origins every letter goes to its own, where the user may write. */
    private static Optional<MoveTarget> target(String from, HeldMessage message,
            Map<String, String> targets, Access access) {
        return DeathOrigin.of(message.properties())
                .filter(it -> targets.isEmpty()
                        ? !it.queue().equals(from)
                        : targets.containsKey(it.queue()))
                .map(origin -> {
                    String to = targets.getOrDefault(origin.queue(), origin.queue());
                    access.queue(Permission.WRITE, to);
                    return new MoveTarget(to, origin.exchange(), origin.routingKey(),
                            DeathOrigin.marked(message.properties(), from));
                });
    }
}
