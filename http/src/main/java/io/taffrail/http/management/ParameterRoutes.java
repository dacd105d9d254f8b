package io.taffrail.http.management;

import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.util.List;

/**
 * Objects of RabbitMQ that the broker does not have: parameters of plugins and global ones. Lists
 * of them are empty; setting one is refused.
 */
final class ParameterRoutes {

    private static final List<String> LISTS = List.of("/api/parameters",
            "/api/parameters/{component}", "/api/parameters/{component}/{vhost}",
            "/api/global-parameters",
            "/api/deprecated-features", "/api/deprecated-features/used");
    private static final List<String> OBJECTS = List.of(
            "/api/parameters/{component}/{vhost}/{name}", "/api/global-parameters/{name}");

    private ParameterRoutes() {}

    static void register(HttpRoutes routes) {
        for (String path : LISTS) {
            routes.on("GET", path, HttpTag.MANAGEMENT, _ -> HttpAnswer.json(List.of()));
        }
        for (String path : OBJECTS) {
            routes.on("GET", path, HttpTag.MANAGEMENT, _ -> {
                throw HttpProblem.notFound();
            }).on("PUT", path, HttpTag.POLICYMAKER, _ -> {
                throw HttpProblem.badRequest("this kind of object is not supported");
            }).on("DELETE", path, HttpTag.POLICYMAKER, _ -> {
                throw HttpProblem.notFound();
            });
        }
    }
}
