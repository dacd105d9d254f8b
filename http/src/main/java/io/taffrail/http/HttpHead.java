package io.taffrail.http;

import io.taffrail.broker.login.Logins;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.server.HttpListener;
import io.taffrail.http.server.HttpServices;
import io.taffrail.http.server.RequestThreads;
import io.taffrail.http.session.Sessions;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.ClientConnection;
import io.taffrail.net.ClientConnections;
import io.taffrail.net.EventLoops;
import io.taffrail.net.RareLines;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP head of a running broker. Safe for any thread. */
public final class HttpHead implements ClientConnections, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpHead.class);
    private static final HostPort USUAL = new HostPort("127.0.0.1", 15672);

    private final HttpListener listener;
    private final RequestThreads threads;

    private HttpHead(HttpListener listener, RequestThreads threads) {
        this.listener = listener;
        this.threads = threads;
    }

    /** As the other, with routes that begin no sessions. */
    public static Optional<HttpHead> start(HttpConfig config, HttpRoutes routes, EventLoops loops,
            Logins logins) {
        return start(config, routes, loops, logins,
                new Sessions(logins.users(), InstantSource.system()));
    }

    /**
     * Starts to accept clients. If no address is configured and the default address is in use,
     * HTTP is not served and the result is empty: running a second broker on the same machine is
     * not an error.
     *
     * @throws UncheckedIOException
     *             if the configured address cannot be bound
     */
    public static Optional<HttpHead> start(HttpConfig config, HttpRoutes routes, EventLoops loops,
            Logins logins, Sessions sessions) {
        if (!config.enabled()) {
            return Optional.empty();
        }
        RequestThreads threads = new RequestThreads(config.maxRequests());
        HttpServices services = new HttpServices(config, routes, logins, sessions, loops,
                threads, new RareLines(loops.group().ticker()::nanoTime));
        try {
            return Optional.of(new HttpHead(
                    HttpListener.start(services, config.listener().orElse(USUAL)), threads));
        } catch (UncheckedIOException e) {
            threads.close();
            if (config.listener().isPresent()) {
                throw e;
            }
            LOG.warn("HTT-004 HTTP is not served: {}; http.listener or --http sets another address",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Address that clients connect to. */
    public InetSocketAddress address() {
        return listener.address();
    }

    @Override
    public List<ClientConnection> list() {
        return listener.list();
    }

    @Override
    public boolean close(String name) {
        return listener.close(name);
    }

    /** Number of open connections. */
    public int connections() {
        return listener.connections();
    }

    /** Closes every connection and stops accepting. Blocks until done. */
    @Override
    public void close() {
        listener.close();
        threads.close();
    }
}
