package io.taffrail.http.management;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.Publication;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The test of a virtual host: a message is published to a queue and taken from it. */
final class AlivenessRoutes {

    private static final String QUEUE = "aliveness-test";

    private final HostScope scope;

    AlivenessRoutes(HostScope scope) {
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/aliveness-test/{vhost}", HttpTag.MANAGEMENT, this::test);
    }

    private HttpAnswer test(HttpCall call) {
        VirtualHost host = scope.used(call);
        Access access = HostScope.access(call, host);
        for (Permission permission : Permission.values()) {
            access.queue(permission, QUEUE);
        }
        access.exchange(Permission.WRITE, "");
        HostScope.run(host, it -> it.declareQueue(
                new QueueDeclaration(QUEUE, false, false, false, FieldTable.EMPTY),
                QueueRoutes.SESSION));
        Publication publication = new Publication(List.of(new Message("", QUEUE,
                Properties.none(), ByteBuffer.wrap("test_message"
                        .getBytes(StandardCharsets.UTF_8)))));
        HostScope.run(host, publication::publish);
        AtomicBoolean taken = new AtomicBoolean();
        HostScope.run(host, it -> it.get(QUEUE, QueueRoutes.SESSION, Optional.empty(),
                new Getter() {
                    @Override
                    public void got(Delivery delivery, StoredMessage message, long left) {
                        taken.set(true);
                    }

                    @Override
                    public void empty() {
                        taken.set(false);
                    }
                }));
        if (!taken.get()) {
            throw new HttpProblem(503, "failed", "the message did not come back");
        }
        return HttpAnswer.json(Map.of("status", "ok"));
    }
}
