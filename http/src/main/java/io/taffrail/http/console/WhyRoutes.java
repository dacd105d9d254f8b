package io.taffrail.http.console;

import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.why.Cause;
import io.taffrail.broker.why.Causes;
import io.taffrail.broker.why.ConsumerStanding;
import io.taffrail.broker.why.MessageStanding;
import io.taffrail.broker.why.QueueStanding;
import io.taffrail.http.management.HostScope;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers why the messages of a queue, or one of them, wait. */
final class WhyRoutes {

    private final HostScope scope;
    private final InstantSource clock;

    WhyRoutes(HostScope scope, InstantSource clock) {
        this.scope = scope;
        this.clock = clock;
    }

    void register(HttpRoutes routes) {
        String queue = "/api/taffrail/queues/{vhost}/{name}";
        routes.on("GET", queue + "/why", HttpTag.MANAGEMENT, this::queue)
                .on("GET", queue + "/messages/{offset}/why", HttpTag.MANAGEMENT, this::message);
    }

    private HttpAnswer queue(HttpCall call) {
        VirtualHost host = scope.seen(call);
        String name = call.parameter("name");
        QueueStanding standing = HostScope.look(host, it -> it.inspection().queue(name));
        return HttpAnswer.json(object(standing, new Causes(clock.millis()).of(standing)));
    }

    private static Map<String, @Nullable Object> object(QueueStanding standing,
            List<Cause> causes) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("queue", standing.name());
        object.put("ready", standing.ready());
        object.put("held", standing.held());
        object.put("head", standing.head().isPresent() ? standing.head().getAsLong() : null);
        object.put("consumer_count", standing.consumerCount());
        object.put("consumers", standing.consumers().stream().map(WhyRoutes::consumer).toList());
        object.put("causes", causes(causes));
        return object;
    }

    static List<Map<String, Object>> causes(List<Cause> causes) {
        return causes.stream().map(cause -> Map.<String, Object>of("kind",
                BrowseRoutes.text(cause.kind()), "text", cause.text())).toList();
    }

    private static Map<String, @Nullable Object> consumer(ConsumerStanding consumer) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("consumer_tag", consumer.tag());
        object.put("connection", consumer.connection());
        object.put("acknowledges", consumer.acknowledges());
        object.put("priority", consumer.priority());
        object.put("prefetch", consumer.prefetch());
        object.put("held", consumer.held());
        object.put("oldest_held", consumer.oldestHeld().isPresent()
                ? consumer.oldestHeld().getAsLong()
                : null);
        object.put("last_delivery", consumer.lastDeliveryMs().isPresent()
                ? consumer.lastDeliveryMs().getAsLong()
                : null);
        object.put("block", BrowseRoutes.text(consumer.block()));
        return object;
    }

    private HttpAnswer message(HttpCall call) {
        VirtualHost host = scope.seen(call);
        String name = call.parameter("name");
        long offset = BrowseRoutes.offset(call.parameter("offset"));
        QueueStanding queue = HostScope.look(host, it -> it.inspection().queue(name));
        MessageStanding message = HostScope.look(host,
                it -> it.inspection().message(name, offset)).orElseThrow(HttpProblem::notFound);
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("queue", name);
        object.put("offset", offset);
        object.put("state", BrowseRoutes.text(message.state()));
        object.put("requeues", message.requeues());
        object.put("ahead", message.ahead());
        object.put("holder", message.holder().map(WhyRoutes::consumer).orElse(null));
        object.put("causes", causes(new Causes(clock.millis()).of(message, queue)));
        return HttpAnswer.json(object);
    }
}
