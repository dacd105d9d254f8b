package io.taffrail.http.console;

import io.taffrail.http.management.HostScope;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.session.SessionRoutes;

/** All routes of the console. */
public final class ConsoleRoutes {

    private ConsoleRoutes() {}

    /** Adds the routes to a table. */
    public static void register(HttpRoutes routes, ConsoleContext context) {
        ConsoleFiles.register(routes);
        new SessionRoutes(context.sessions()).register(routes);
        HostScope scope = new HostScope(context.broker().virtualHosts());
        routes.on("GET", "/api/taffrail/status", HttpTag.MONITORING,
                _ -> HttpAnswer.json(context.status().get()))
                .on("GET", "/api/taffrail/settings", HttpTag.ADMINISTRATOR,
                        _ -> HttpAnswer.json(context.settings().get()));
        new BacklogRoutes(scope).register(routes);
        new BrowseRoutes(scope).register(routes);
        new LetterRoutes(scope).register(routes);
        new MoveRoutes(scope).register(routes);
        new DelayedRoutes(scope).register(routes);
        new LiveChanges(context.broker(), context.connections()).register(routes);
        new ConsoleTopics(context.broker().topics()).register(routes);
        new GroupRoutes(context.groups(), context.broker().topics(),
                new PartitionLag(context.broker().clock())).register(routes);
        new WhyRoutes(scope, context.broker().clock()).register(routes);
    }
}
