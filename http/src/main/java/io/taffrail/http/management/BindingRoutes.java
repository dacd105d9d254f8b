package io.taffrail.http.management;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Bindings of exchanges to queues and to exchanges: list, show, add, remove. */
final class BindingRoutes {

    private static final int HASH_BYTES = 6;

    private record Placed(VirtualHost host, Binding binding) {}

    private final HostScope scope;

    BindingRoutes(HostScope scope) {
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/bindings", HttpTag.MANAGEMENT, call -> list(call, _ -> true))
                .on("GET", "/api/bindings/{vhost}", HttpTag.MANAGEMENT,
                        call -> list(call, _ -> true))
                .on("GET", "/api/queues/{vhost}/{name}/bindings", HttpTag.MANAGEMENT,
                        this::ofQueue)
                .on("GET", "/api/exchanges/{vhost}/{name}/bindings/{end}", HttpTag.MANAGEMENT,
                        this::ofExchange);
        for (boolean toQueue : List.of(true, false)) {
            String pair = "/api/bindings/{vhost}/e/{source}/" + (toQueue ? "q" : "e")
                    + "/{destination}";
            routes.on("GET", pair, HttpTag.MANAGEMENT, call -> ofPair(call, toQueue))
                    .on("POST", pair, HttpTag.MANAGEMENT, call -> add(call, toQueue))
                    .on("GET", pair + "/{props}", HttpTag.MANAGEMENT,
                            call -> HttpAnswer.json(object(scope.seen(call), one(call, toQueue))))
                    .on("DELETE", pair + "/{props}", HttpTag.MANAGEMENT,
                            call -> remove(call, toQueue));
        }
    }

    private HttpAnswer list(HttpCall call, Predicate<Binding> wanted) {
        List<Placed> list = new ArrayList<>();
        for (VirtualHost host : scope.listed(call)) {
            all(host).stream().filter(wanted).forEach(it -> list.add(new Placed(host, it)));
        }
        return Listing.of(call, Shown.of(list, it -> object(it.host(), it.binding())));
    }

    /** All bindings with those of the default exchange, which binds each queue by its name. */
    private static List<Binding> all(VirtualHost host) {
        List<Binding> all = new ArrayList<>();
        HostScope.look(host, it -> it.inventory().queueNames()).stream().sorted()
                .forEach(name -> all.add(new Binding("", name, true, name, FieldTable.EMPTY)));
        all.addAll(stored(host));
        return all;
    }

    /** All bindings but those of the default exchange, by source and destination. */
    static List<Binding> stored(VirtualHost host) {
        return HostScope.look(host, it -> it.inventory().bindings()).stream()
                .sorted(Binding.BY_ENDS).toList();
    }

    private HttpAnswer ofQueue(HttpCall call) {
        String name = call.parameter("name");
        var _ = QueueRoutes.existing(scope.seen(call), name);
        return list(call, it -> it.toQueue() && it.destination().equals(name));
    }

    private HttpAnswer ofExchange(HttpCall call) {
        String name = ObjectNames.exchange(call.parameter("name"));
        var _ = ExchangeRoutes.existing(scope.seen(call), name);
        return switch (call.parameter("end")) {
            case "source" -> list(call, it -> it.source().equals(name));
            case "destination" ->
                list(call, it -> !it.toQueue() && it.destination().equals(name));
            default -> throw HttpProblem.notFound();
        };
    }

    private static Predicate<Binding> between(HttpCall call, boolean toQueue) {
        String source = ObjectNames.exchange(call.parameter("source"));
        String destination = destination(call, toQueue);
        return it -> it.toQueue() == toQueue && it.source().equals(source)
                && it.destination().equals(destination);
    }

    private static String destination(HttpCall call, boolean toQueue) {
        String part = call.parameter("destination");
        return toQueue ? part : ObjectNames.exchange(part);
    }

    private HttpAnswer ofPair(HttpCall call, boolean toQueue) {
        return list(call, between(call, toQueue));
    }

    static Map<String, @Nullable Object> object(VirtualHost host, Binding binding) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("source", binding.source());
        object.put("vhost", host.name());
        object.put("destination", binding.destination());
        object.put("destination_type", binding.toQueue() ? "queue" : "exchange");
        object.put("routing_key", binding.key());
        object.put("arguments", PlainTables.plain(binding.arguments()));
        object.put("properties_key", propertiesKey(binding));
        return object;
    }

    /**
     * The text that tells bindings between two objects apart: the encoded key, and a hash of the
     * arguments if there are any.
     */
    static String propertiesKey(Binding binding) {
        String key = encoded(binding.key());
        if (binding.arguments().isEmpty()) {
            return key.isEmpty() ? "~" : key;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(binding.arguments().bytes());
            return key + "~" + Base64.getUrlEncoder().withoutPadding()
                    .encodeToString(Arrays.copyOf(hash, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpAnswer add(HttpCall call, boolean toQueue) {
        VirtualHost host = scope.used(call);
        HttpFields fields = call.fields();
        Binding binding = new Binding(ObjectNames.exchange(call.parameter("source")),
                destination(call, toQueue), toQueue, fields.text("routing_key", ""),
                fields.table("arguments"));
        new HostRights(HostScope.access(call, host)).bind(binding);
        HostScope.run(host, it -> it.bind(binding, QueueRoutes.SESSION));
        return HttpAnswer.empty(201).with("location",
                encoded(binding.destination()) + "/" + encoded(propertiesKey(binding)));
    }

    private Binding one(HttpCall call, boolean toQueue) {
        String props = call.parameter("props");
        return all(scope.seen(call)).stream().filter(between(call, toQueue))
                .filter(it -> named(it, props)).findFirst().orElseThrow(HttpProblem::notFound);
    }

    /** Whether the path names this binding: as its key, or encoded once less. */
    private static boolean named(Binding binding, String props) {
        String key = propertiesKey(binding);
        return key.equals(props)
                || URLDecoder.decode(key, StandardCharsets.UTF_8).equals(props);
    }

    private HttpAnswer remove(HttpCall call, boolean toQueue) {
        VirtualHost host = scope.used(call);
        Binding binding = one(call, toQueue);
        new HostRights(HostScope.access(call, host)).bind(binding);
        HostScope.run(host, it -> it.unbind(binding, QueueRoutes.SESSION));
        return HttpAnswer.empty(204);
    }
}
