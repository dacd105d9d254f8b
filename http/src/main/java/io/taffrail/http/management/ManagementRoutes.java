package io.taffrail.http.management;

import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.http.route.HttpRoutes;

/** All routes of the management API. */
public final class ManagementRoutes {

    private ManagementRoutes() {}

    /** Adds the routes to a table. */
    public static void register(HttpRoutes routes, ManagementContext context) {
        VirtualHosts hosts = context.broker().virtualHosts();
        HostScope scope = new HostScope(hosts);
        new OverviewRoutes(scope, context).register(routes);
        new VhostRoutes(scope, hosts, context.node()).register(routes);
        new QueueRoutes(scope, context.node()).register(routes);
        new ExchangeRoutes(scope).register(routes);
        new BindingRoutes(scope).register(routes);
        new MessageRoutes(scope).register(routes);
    }
}
