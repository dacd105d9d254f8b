package io.taffrail.amqp.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.FrameCutter;
import io.taffrail.amqp.net.AmqpConnection.State;
import io.taffrail.amqp.output.FrameOutput;
import io.taffrail.broker.queue.Session;
import io.taffrail.log.text.Printable;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Course of one connection from its protocol header to {@code connection.open}. {@link Handshake}
 * decides what is accepted; this class waits while a password is checked, and moves the connection
 * to the loop of its virtual host. On the connection's loop only.
 */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final AmqpConnection connection;
    private final Channel socket;
    private final Services services;
    private final FrameOutput output;
    private final FrameCutter cutter;
    private final LoopTasks tasks;
    private final Session session;
    private final Handshake handshake;
    private final Future<?> timeout;

    Opening(AmqpConnection connection, Channel socket, Services services, FrameOutput output,
            FrameCutter cutter, LoopTasks tasks, Session session) {
        this.connection = connection;
        this.socket = socket;
        this.services = services;
        this.output = output;
        this.cutter = cutter;
        this.tasks = tasks;
        this.session = session;
        this.handshake = new Handshake(services,
                ((InetSocketAddress) socket.remoteAddress()).getAddress());
        this.timeout = socket.eventLoop().schedule(
                connection.guarded(connection::handshakeTimedOut),
                services.config().handshakeTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    /** User name of the login, also before it is checked; empty before {@code start-ok}. */
    String user() {
        return handshake.user();
    }

    /** Negotiated heartbeat interval in seconds; 0 if there is none or none is negotiated yet. */
    int heartbeatSeconds() {
        return handshake.heartbeatSeconds();
    }

    /** Starts after the client's protocol header. */
    void start() {
        connection.enter(State.LOGIN);
        output.method(0, handshake.start());
    }

    /** Handles a method of the handshake; false if it is not the one that must come now. */
    boolean received(ConnectionMethod method) {
        State state = connection.state();
        switch (method) {
            case ConnectionMethod.StartOk m when state == State.LOGIN -> login(m);
            case ConnectionMethod.TuneOk m when state == State.TUNING -> tuned(m);
            case ConnectionMethod.Open m when state == State.OPENING -> open(m);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void login(ConnectionMethod.StartOk startOk) {
        connection.enter(State.CHECKING);
        CompletableFuture<Boolean> accepted = handshake.login(startOk, socket.eventLoop());
        if (accepted.isDone()) {
            loggedIn(accepted.join());
            return;
        }
        connection.pause();
        var _ = socket.config().setAutoRead(false);
        var _ = accepted.handle((right, failure) -> (Runnable) () -> {
            if (failure == null) {
                checked(right);
            } else {
                connection.failed(failure);
            }
        }).thenCompose(tasks::post);
    }

    private void checked(boolean accepted) {
        if (connection.state() == State.CHECKING) {
            try {
                loggedIn(accepted);
            } catch (Throwable e) {
                connection.ended(e);
            }
            var _ = socket.config().setAutoRead(true);
            connection.resume();
        }
    }

    private void loggedIn(boolean accepted) {
        if (!accepted) {
            LOG.info("connection {}: login of user '{}' refused: unknown user, wrong password, or"
                    + " not allowed from this address", session,
                    Printable.brief(handshake.user()));
            throw handshake.loginRefused();
        }
        connection.enter(State.TUNING);
        output.method(0, handshake.tune());
    }

    private void tuned(ConnectionMethod.TuneOk tuned) {
        handshake.tuned(tuned);
        cutter.maxFrameBytes((int) tuned.frameMax());
        output.maxFrameBytes((int) tuned.frameMax());
        connection.enter(State.OPENING);
    }

    /** Moves the connection to the event loop that owns the virtual host and opens it there. */
    private void open(ConnectionMethod.Open open) {
        Handshake.Terms terms = handshake.open(open);
        stop();
        EventLoop loop = services.loops().loop(terms.host().owner());
        if (loop.inEventLoop()) {
            connection.opened(terms);
            return;
        }
        connection.enter(State.MOVING);
        output.flush();
        tasks.leave();
        var _ = socket.deregister().addListener(left -> loop.register(socket)
                .addListener(arrived -> {
                    if (!arrived.isSuccess()) {
                        tasks.arrive();
                        LOG.error("connection {} could not move to the loop of its virtual host",
                                session, arrived.cause());
                        connection.close();
                        return;
                    }
                    loop.execute(connection.guarded(() -> arrived(terms)));
                }));
    }

    private void arrived(Handshake.Terms terms) {
        if (connection.state() != State.MOVING) {
            tasks.arrive();
            return;
        }
        connection.opened(terms);
        tasks.arrive();
        connection.processKept();
    }

    /** Adds what was agreed with the client to the report of the connection. */
    void report(Map<String, Object> facts) {
        handshake.report(facts);
    }

    /** Ends the time-out of the handshake; idempotent. */
    void stop() {
        timeout.cancel(false);
    }
}
