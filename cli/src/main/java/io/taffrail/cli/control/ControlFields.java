package io.taffrail.cli.control;

import io.taffrail.broker.vhost.HostCalls;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.vhost.VirtualHosts;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Fields of a request; invalid ones throw {@link IllegalArgumentException}. */
final class ControlFields {

    private final Map<?, ?> request;

    ControlFields(Map<?, ?> request) {
        this.request = request;
    }

    String text(String name) {
        if (request.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("'" + name + "' is missing, or is no text");
    }

    String text(String name, String otherwise) {
        return request.containsKey(name) ? text(name) : otherwise;
    }

    long number(String name, long otherwise) {
        if (!request.containsKey(name)) {
            return otherwise;
        }
        if (request.get(name) instanceof BigDecimal number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("'" + name + "' is no number");
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(request.get(name));
    }

    List<String> texts(String name) {
        if (request.get(name) instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        throw new IllegalArgumentException("'" + name + "' is missing, or is no list");
    }

    Map<?, ?> object(String name) {
        if (!request.containsKey(name)) {
            return Map.of();
        }
        if (request.get(name) instanceof Map<?, ?> object) {
            return object;
        }
        throw new IllegalArgumentException("'" + name + "' is no object");
    }

    /**
     * Runs {@code body} on the owner thread of the request's virtual host, and blocks until
     * its result completes.
     */
    <T> T inHost(VirtualHosts hosts, Function<VirtualHost, CompletableFuture<T>> body) {
        String name = text("vhost", "/");
        VirtualHost host = hosts.find(name).orElseThrow(() -> RequestException.notFound(
                "no virtual host '" + name + "'"));
        return HostCalls.in(host, body).join();
    }
}
