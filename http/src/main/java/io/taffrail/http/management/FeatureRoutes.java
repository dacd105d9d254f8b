package io.taffrail.http.management;

import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.sample.Sampler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Feature flags, by which tools decide about RabbitMQ's features: those that exist here are enabled
 * and cannot be switched off. Also forgets samples of rates.
 */
final class FeatureRoutes {

    private static final Map<String, String> FLAGS = new TreeMap<>(Map.of(
            "classic_queue_type_delivery_support", "Deliveries of classic queues",
            "drop_unroutable_metric", "Count of messages without a queue that were dropped",
            "empty_basic_get_metric", "Count of single gets that found nothing",
            "implicit_default_bindings", "Bindings of the default exchange are implicit",
            "quorum_queue", "Queues of the type quorum",
            "stream_queue", "Queues of the type stream",
            "user_limits", "Limits of users",
            "virtual_host_metadata", "Default type of queues of a virtual host"));

    private FeatureRoutes() {}

    static void register(HttpRoutes routes, Sampler sampler) {
        routes.on("GET", "/api/feature-flags", HttpTag.MANAGEMENT, call -> Listing.of(call,
                FLAGS.keySet().stream().map(FeatureRoutes::object).toList()))
                .on("PUT", "/api/feature-flags/{name}/enable", HttpTag.ADMINISTRATOR, call -> {
                    if (!FLAGS.containsKey(call.parameter("name"))) {
                        throw HttpProblem.badRequest("The feature flag is not supported: "
                                + call.parameter("name"));
                    }
                    return HttpAnswer.empty(204);
                });
        for (String path : List.of("/api/reset", "/api/reset/{node}")) {
            routes.on("DELETE", path, HttpTag.ADMINISTRATOR, _ -> {
                sampler.forget();
                return HttpAnswer.empty(204);
            });
        }
    }

    private static Map<String, @Nullable Object> object(String name) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", name);
        object.put("desc", FLAGS.get(name));
        object.put("doc_url", "");
        object.put("state", "enabled");
        object.put("stability", "stable");
        object.put("provided_by", "taffrail");
        return object;
    }
}
