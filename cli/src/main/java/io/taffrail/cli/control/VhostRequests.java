package io.taffrail.cli.control;

import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.vhost.VirtualHosts;
import java.util.Map;
import java.util.function.Consumer;

/** Adds, deletes and lists virtual hosts. */
final class VhostRequests {

    private final VirtualHosts hosts;

    VhostRequests(VirtualHosts hosts) {
        this.hosts = hosts;
    }

    void add(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        var _ = hosts.create(new Fields(request).text("name")).join();
        answer.accept(Map.of("done", true));
    }

    void delete(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        var _ = hosts.delete(new Fields(request).text("name")).join();
        answer.accept(Map.of("done", true));
    }

    void list(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        hosts.all().stream().map(VirtualHost::name)
                .forEach(name -> answer.accept(Map.of("name", name)));
    }
}
