package io.taffrail.cli.control;

import io.taffrail.broker.queue.DelayedMessages.Pending;
import io.taffrail.broker.vhost.VirtualHosts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Handles requests to list and cancel delayed messages. */
final class DelayedRequests {

    /** Messages processed in one turn of the owner thread. */
    private static final int PAGE = 256;

    private final VirtualHosts hosts;

    DelayedRequests(VirtualHosts hosts) {
        this.hosts = hosts;
    }

    void list(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        long left = fields.number("limit", Long.MAX_VALUE);
        long next = fields.number("from", 0);
        while (left > 0) {
            long from = next;
            int most = (int) Math.min(left, PAGE);
            List<Pending> page = fields.inHost(hosts, host -> CompletableFuture
                    .completedFuture(host.pending().list(from, most)));
            page.forEach(pending -> answer.accept(object(pending)));
            if (page.size() < most) {
                return;
            }
            left -= most;
            next = page.getLast().number() + 1;
        }
    }

    private static Map<String, Object> object(Pending pending) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("number", pending.number());
        object.put("due_at_ms", pending.dueAtMs());
        object.put("exchange", pending.exchange());
        object.put("routing_key", pending.routingKey());
        object.put("bytes", pending.bodyBytes());
        return object;
    }

    void cancel(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        long number = fields.number("number", -1);
        boolean found = fields.inHost(hosts, host -> host.pending().cancel(number));
        if (!found) {
            throw RequestException.notFound("no delayed message " + number);
        }
        answer.accept(Map.of("deleted", number));
    }
}
