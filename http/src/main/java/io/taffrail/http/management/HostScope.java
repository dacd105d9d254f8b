package io.taffrail.http.management;

import io.taffrail.broker.user.Access;
import io.taffrail.broker.vhost.HostCalls;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.route.HttpUser;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Access of requests to virtual hosts, as the management plugin grants it. Blocks. */
public record HostScope(VirtualHosts hosts) {

    private static final String NO_ACCESS = "User not authorised to access virtual host";

    /** The virtual host of the path, for a request that looks. */
    public VirtualHost seen(HttpCall call) {
        VirtualHost host = existing(call);
        if (!sees(call.user(), host)) {
            throw HttpProblem.notAuthorised(NO_ACCESS);
        }
        return host;
    }

    /** The virtual host of the path, for a request that acts as the user would over AMQP. */
    public VirtualHost used(HttpCall call) {
        VirtualHost host = existing(call);
        var _ = access(call, host);
        return host;
    }

    /** The user's permissions in the host. */
    public static Access access(HttpCall call, VirtualHost host) {
        return call.user().access(host.name())
                .orElseThrow(() -> HttpProblem.notAuthorised(NO_ACCESS));
    }

    private VirtualHost existing(HttpCall call) {
        return hosts.find(call.parameter("vhost")).orElseThrow(HttpProblem::notFound);
    }

    /** Whether the user may look at the host: as one of its users, or by a tag. */
    public static boolean sees(HttpUser user, VirtualHost host) {
        return user.has(HttpTag.MONITORING) || user.access(host.name()).isPresent();
    }

    /** The hosts that the user may look at. */
    public List<VirtualHost> seen(HttpUser user) {
        return hosts.all().stream().filter(host -> sees(user, host)).toList();
    }

    /** The hosts that the user's list shows: all of them, or the one of the path. */
    public List<VirtualHost> listed(HttpCall call) {
        return call.parameters().containsKey("vhost")
                ? List.of(seen(call))
                : seen(call.user());
    }

    /** Runs on the host's owner and waits for the result. */
    public static <T> T in(VirtualHost host, Function<VirtualHost, CompletableFuture<T>> body) {
        return HostCalls.in(host, body).join();
    }

    /** Runs on the host's owner and waits until the result is there. */
    public static <T> void run(VirtualHost host, Function<VirtualHost, CompletableFuture<T>> body) {
        CompletableFuture<Void> done = HostCalls.in(host, body).thenAccept(_ -> {});
        var _ = done.join();
    }

    /** Looks at the host on its owner. */
    public static <T> T look(VirtualHost host, Function<VirtualHost, T> body) {
        return in(host, it -> CompletableFuture.completedFuture(body.apply(it)));
    }
}
