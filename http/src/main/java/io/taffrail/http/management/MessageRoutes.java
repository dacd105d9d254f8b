package io.taffrail.http.management;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.PlainProperties;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.Publication;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.management.TakenMessages.AckMode;
import io.taffrail.http.route.HeapRoom;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages: publish one to an exchange, get some from a queue. */
final class MessageRoutes {

    /** Largest number of messages that one request gets, as all are held until its end. */
    private static final long MAX_COUNT = 10_000;

    private final HostScope scope;
    private final int largestBytes;
    private final HeapRoom room = HeapRoom.ofHeap();

    /**
     * @param largestBytes
     *            of the body of a message
     */
    MessageRoutes(HostScope scope, int largestBytes) {
        this.largestBytes = largestBytes;
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        routes.on("POST", "/api/exchanges/{vhost}/{name}/publish", HttpTag.MANAGEMENT,
                this::publish)
                .on("POST", "/api/queues/{vhost}/{name}/get", HttpTag.MANAGEMENT, this::get);
    }

    private HttpAnswer publish(HttpCall call) {
        VirtualHost host = scope.used(call);
        HttpFields fields = call.fields();
        fields.require("routing_key", "properties", "payload", "payload_encoding");
        String exchange = ObjectNames.exchange(call.parameter("name"));
        if (HostScope.look(host, it -> it.inventory().exchange(exchange)).isEmpty()) {
            throw HttpProblem.badRequest("404 NOT_FOUND - no exchange '" + exchange
                    + "' in vhost '" + host.name() + "'");
        }
        HostScope.access(call, host).exchange(Permission.WRITE, exchange);
        Publication publication = new Publication(List.of(new Message(exchange,
                fields.text("routing_key", ""), properties(call, fields),
                ByteBuffer.wrap(payload(fields)))));
        HostScope.run(host, publication::publish);
        if (publication.rejected() > 0) {
            throw HttpProblem.badRequest("rejected");
        }
        return HttpAnswer.json(Map.of("routed", publication.unrouted() == 0));
    }

    private static Properties properties(HttpCall call, HttpFields fields) {
        Properties properties;
        try {
            properties = PlainProperties.read(fields.map("properties"));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
        }
        Optional<String> claimed = properties.text(Property.USER_ID);
        if (claimed.filter(it -> !it.equals(call.user().name())).isPresent()) {
            throw HttpProblem.badRequest("406 PRECONDITION_FAILED - user_id property set to '"
                    + claimed.get() + "' but authenticated user was '" + call.user().name() + "'");
        }
        return properties;
    }

    private static byte[] payload(HttpFields fields) {
        String payload = fields.text("payload", "");
        return switch (fields.text("payload_encoding", "")) {
            case "string" -> payload.getBytes(StandardCharsets.UTF_8);
            case "base64" -> {
                try {
                    yield Base64.getDecoder().decode(payload);
                } catch (IllegalArgumentException _) {
                    throw HttpProblem.badRequest(List.of("not_base64", payload));
                }
            }
            case String other ->
                throw HttpProblem.badRequest(List.of("unsupported_encoding", other));
        };
    }

    private HttpAnswer get(HttpCall call) {
        VirtualHost host = scope.used(call);
        String queue = call.parameter("name");
        HttpFields fields = call.fields();
        if (!fields.has("ackmode") && fields.has("requeue")) {
            fields.require("count", "encoding");
        } else {
            fields.require("ackmode", "count", "encoding");
        }
        AckMode mode = mode(fields);
        HostScope.access(call, host).queue(Permission.READ, queue);
        HostScope.run(host, it -> it.checkQueue(queue, QueueRoutes.SESSION));
        long count = fields.number("count", 1);
        if (count < 0 || count > MAX_COUNT) {
            throw HttpProblem.badRequest("'count' is 0 to " + MAX_COUNT);
        }
        long shown = Math.clamp(fields.number("truncate", largestBytes), 0, largestBytes);
        TakenMessages taken = new TakenMessages(host, queue, count, mode,
                new PayloadForm(form(fields), shown), room);
        taken.begin();
        return new HttpAnswer(200, HttpAnswer.JSON, Map.of(), taken::writeTo);
    }

    private static boolean form(HttpFields fields) {
        return switch (fields.text("encoding", "")) {
            case "auto" -> false;
            case "base64" -> true;
            case String other ->
                throw HttpProblem.badRequest(List.of("unsupported_encoding", other));
        };
    }

    private static AckMode mode(HttpFields fields) {
        String text = fields.text("ackmode",
                fields.flag("requeue", true) ? "ack_requeue_true" : "ack_requeue_false");
        return AckMode.of(text)
                .orElseThrow(() -> HttpProblem.badRequest(List.of("unknown_ackmode", text)));
    }
}
