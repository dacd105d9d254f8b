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
        new PolicyRoutes(scope).register(routes);
        new AlivenessRoutes(scope).register(routes);
        new ConnectionRoutes(scope, context).register(routes);
        new NodeRoutes(context.broker(), context.node()).register(routes);
        ParameterRoutes.register(routes);
        UserRoutes users = new UserRoutes(context.broker().users(), context.configured());
        users.register(routes);
        PermissionRoutes permissions = new PermissionRoutes(context.broker().users(), users,
                hosts);
        permissions.register(routes);
        new DefinitionRoutes(context.broker(), users, permissions).register(routes);
    }
}
