package io.taffrail.http.management;

import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.sample.Sampler;

/** All routes of the management API. */
public final class ManagementRoutes {

    private ManagementRoutes() {}

    /** Adds the routes to a table. */
    public static void register(HttpRoutes routes, ManagementContext context) {
        VirtualHosts hosts = context.broker().virtualHosts();
        HostScope scope = new HostScope(hosts);
        Sampler sampler = new Sampler(hosts, context.reports().values(),
                context.broker().clock(), context.timer());
        ClientViews clients = new ClientViews(context.reports(), context.node(),
                context.broker().clock(), sampler);
        new OverviewRoutes(scope, context, clients).register(routes);
        new VhostRoutes(scope, hosts, clients).register(routes);
        new QueueRoutes(scope, clients).register(routes);
        new ExchangeRoutes(scope, clients).register(routes);
        new ChannelRoutes(scope, clients).register(routes);
        new BindingRoutes(scope).register(routes);
        new MessageRoutes(scope, context.largestMessageBytes()).register(routes);
        new PolicyRoutes(scope).register(routes);
        new AlivenessRoutes(scope).register(routes);
        new ConnectionRoutes(scope, clients, context.heads()).register(routes);
        new NodeRoutes(context.broker(), context.node()).register(routes);
        CliRoutes.register(routes);
        ParameterRoutes.register(routes);
        FeatureRoutes.register(routes, sampler);
        UserRoutes users = new UserRoutes(context.broker().users(), context.configured());
        new LimitRoutes(context.broker().limits(), scope, users).register(routes);
        users.register(routes);
        PermissionRoutes permissions = new PermissionRoutes(context.broker().users(), users,
                hosts);
        permissions.register(routes);
        new DefinitionRoutes(context.broker(), users, permissions).register(routes);
    }
}
