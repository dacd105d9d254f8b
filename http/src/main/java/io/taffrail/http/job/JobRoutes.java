package io.taffrail.http.job;

import io.taffrail.broker.Broker;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;

/** Registers the routes of jobs. */
public final class JobRoutes {

    private JobRoutes() {}

    /** Adds the routes; rights are those to the queue of a job, and no tag is needed. */
    public static void register(HttpRoutes routes, Broker broker) {
        JobScope scope = new JobScope(broker.virtualHosts());
        EnqueueRoute enqueue = new EnqueueRoute(broker.clock());
        routes.on("GET", "/jobs", HttpTag.USER, scope.route(StatusRoutes::list))
                .on("POST", "/jobs/{name}", HttpTag.USER, scope.route(enqueue::answer))
                .on("GET", "/jobs/{name}", HttpTag.USER, scope.route(StatusRoutes::get))
                .on("DELETE", "/jobs/{name}", HttpTag.USER, scope.route(WorkerRoutes::cancel))
                .on("GET", "/jobs/{name}/result", HttpTag.USER, scope.route(StatusRoutes::result))
                .on("GET", "/jobs/{name}/events", HttpTag.USER, scope.route(StatusRoutes::events))
                .on("POST", "/jobs/{name}/retry", HttpTag.USER, scope.route(WorkerRoutes::retry))
                .on("POST", "/jobs/{name}/fetch", HttpTag.USER, scope.route(WorkerRoutes::fetch))
                .on("POST", "/jobs/{name}/ack", HttpTag.USER, scope.route(WorkerRoutes::ack))
                .on("POST", "/jobs/{name}/nack", HttpTag.USER, scope.route(WorkerRoutes::nack))
                .on("POST", "/jobs/{name}/heartbeat", HttpTag.USER,
                        scope.route(WorkerRoutes::heartbeat));
        OjsRoutes.register(routes, scope, broker.clock());
    }
}
