package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.FrameCutter;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.codec.UnknownMethodException;
import io.taffrail.amqp.memory.HeldMemory;
import io.taffrail.amqp.output.FrameOutput;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.traffic.ChannelReport;
import io.taffrail.broker.traffic.ConnectionReport;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.text.Printable;
import io.taffrail.net.ClientConnection;
import io.taffrail.net.ConnectionTraffic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State machine of one client connection, from accept to close. {@link Opening} runs the handshake,
 * {@link OpenConnection} holds the state of an open connection.
 *
 * <pre>
 *  HEADER ─► LOGIN ─► CHECKING ─► TUNING ─► OPENING ─► MOVING ─► OPEN
 *
 *  any of LOGIN to OPEN ── error reported to the client ─► CLOSING ── close-ok ──► CLOSED
 *  any of LOGIN to OPEN ── connection.close ─► LEAVING ── client closes the socket ──► CLOSED
 * </pre>
 *
 * Nothing is read while CHECKING a password or MOVING to another loop. After {@code close-ok}
 * the broker leaves closing the socket to the client, as RabbitMQ does: a client that closes
 * its connection from several threads must not find the socket gone. Data received in LEAVING
 * is dropped, and a time-out closes the socket if the client does not.
 *
 * <p>
 * From {@code connection.open} on, the connection runs on the event loop that owns its virtual
 * host. Not thread-safe: used on the connection's loop only.
 */
final class AmqpConnection extends ChannelInboundHandlerAdapter implements FrameCutter.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpConnection.class);
    private static final int CLOSE_TIMEOUT_S = 30;
    /** Time for the close reason to reach a client that sent a malformed frame, in seconds. */
    private static final int UNREADABLE_TIMEOUT_S = 1;

    /** Causes of {@link Services#lines}. */
    static final String NO_HEADER = "without a protocol header";
    static final String NO_LOGIN = "without a login";
    static final String TIMED_OUT = "by the handshake timeout";

    /** State of a connection; see the class. */
    enum State {
        HEADER, LOGIN, CHECKING, TUNING, OPENING, MOVING, OPEN, CLOSING, LEAVING, CLOSED
    }

    private final Channel socket;
    private final Services services;
    private final FrameOutput output;
    private final FrameCutter cutter;
    private final Session session;
    private final LoopTasks tasks;
    private final HeldMemory memory;
    private final Unprocessed unprocessed;
    private final Opening opening;
    private @Nullable Future<?> closeTimeout;
    private State state = State.HEADER;
    /** Set from OPEN on; released in every later state. */
    private @Nullable OpenConnection opened;
    /**
     * True while an earlier request is in progress; received data is postponed until it completes.
     */
    private boolean paused;
    /** True after a malformed frame; all further input is dropped. */
    private boolean unreadable;
    private final ConnectionTraffic traffic;

    AmqpConnection(Channel socket, Services services) {
        this.socket = socket;
        this.traffic = ConnectionTraffic.of(socket);
        this.services = services;
        this.tasks = new LoopTasks(socket, this::failed);
        this.memory = new HeldMemory(services.loops().memory().open(), task -> {
            var _ = tasks.post(task);
        }, this::memoryChanged);
        this.output = new FrameOutput(socket, memory, this::failed);
        this.cutter = new FrameCutter(socket.alloc(), Frame.INITIAL_MAX_BYTES, this);
        this.unprocessed = new Unprocessed(socket.alloc(), cutter, memory);
        this.session = new Session(text(socket.remoteAddress()) + " -> "
                + text(socket.localAddress()));
        this.opening = new Opening(this, socket, services, output, cutter, tasks, session);
    }

    private static String text(SocketAddress socketAddress) {
        InetSocketAddress address = (InetSocketAddress) socketAddress;
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        traffic.received(bytes.readableBytes());
        if (isOver()) {
            bytes.release();
            return;
        }
        if (opened != null) {
            opened.received();
        }
        boolean waits = paused || (state != State.HEADER && !unprocessed.isEmpty());
        unprocessed.add(bytes);
        if (waits) {
            unprocessed.charge();
        } else {
            processKept();
        }
    }

    private void memoryChanged() {
        if (opened != null) {
            opened.memoryChanged();
        }
    }

    /** Called at intervals while other connections wait for memory. */
    void memoryIsShort(long intervalMs) {
        if (opened != null) {
            opened.memoryIsShort(intervalMs);
        }
    }

    /** Processes the bytes that were kept until now. */
    void processKept() {
        ByteBuf bytes = unprocessed.take();
        if (bytes != null) {
            process(bytes);
        }
    }

    /** Processes received bytes and releases them. */
    private void process(ByteBuf bytes) {
        try {
            if (state == State.HEADER && !header(bytes)) {
                return;
            }
            if (state != State.CLOSED && !cutter.received(bytes)
                    && (state == State.MOVING || (paused && !isOver()))
                    && bytes.isReadable()) {
                unprocessed.addRest(bytes);
            }
        } catch (AmqpException e) {
            // A malformed frame, not a bad request: the start of the next frame is unknown.
            unreadable = true;
            fail(e, 0, 0);
        } catch (Throwable e) {
            ended(e);
        } finally {
            bytes.release();
            unprocessed.charge();
        }
    }

    /** True when further input is dropped. */
    private boolean isOver() {
        return state == State.LEAVING || state == State.CLOSED || unreadable;
    }

    /** Ends the connection in the way the error requires. */
    void ended(Throwable error) {
        switch (error) {
            case AmqpException e -> fail(e, 0, 0);
            case UnknownMethodException e -> refuse(e);
            case Handshake.RefusedException e -> refuse(e);
            default -> failed(error);
        }
    }

    private void refuse(RuntimeException why) {
        closing(String.valueOf(why.getMessage()));
        output.flush();
        close();
    }

    private boolean header(ByteBuf bytes) {
        if (bytes.readableBytes() < ProtocolHeader.BYTES) {
            unprocessed.addRest(bytes);
            return false;
        }
        if (!ProtocolHeader.isAccepted(bytes)) {
            closing("it does not speak AMQP 0-9-1");
            var _ = socket.writeAndFlush(socket.alloc().buffer().writeBytes(ProtocolHeader.ours()))
                    .addListener(written -> close());
            return false;
        }
        opening.start();
        return true;
    }

    @Override
    public boolean frame(int type, int number, ByteBuf payload) {
        try {
            take(type, number, payload);
        } catch (Throwable e) {
            ended(e);
        }
        return !paused && state != State.MOVING && !isOver();
    }

    private void take(int type, int number, ByteBuf payload) {
        if (type == Frame.HEARTBEAT) {
            if (number != 0) {
                throw new AmqpException(ReplyCode.UNEXPECTED_FRAME,
                        "a heartbeat on channel " + number);
            }
            if (payload.isReadable()) {
                throw new AmqpException(ReplyCode.FRAME_ERROR, "a heartbeat with a payload");
            }
        } else if (number == 0) {
            method(type, payload);
        } else if (state == State.OPEN && opened != null) {
            opened.frame(type, number, payload);
        } else if (state != State.CLOSING) {
            throw new AmqpException(ReplyCode.CHANNEL_ERROR,
                    "a frame on channel " + number + " before the connection is open");
        }
    }

    private void method(int type, ByteBuf payload) {
        if (state == State.CLOSING && type != Frame.METHOD) {
            return;
        }
        if (type != Frame.METHOD) {
            throw new AmqpException(ReplyCode.UNEXPECTED_FRAME,
                    "expected method frame, got non method frame instead");
        }
        Method method = Method.read(payload);
        try {
            if (state == State.CLOSING) {
                closing(method);
            } else if (method instanceof ConnectionMethod m) {
                connection(m);
            } else {
                throw unexpected(method);
            }
        } catch (AmqpException e) {
            fail(e, Optional.of(method));
        }
    }

    private void connection(ConnectionMethod method) {
        switch (method) {
            case ConnectionMethod.UpdateSecret _ when state == State.OPEN ->
                // As in RabbitMQ, a new secret matters only for credentials that expire;
                // a password is checked once.
                output.method(0, new ConnectionMethod.UpdateSecretOk());
            case ConnectionMethod.Close _ -> {
                release();
                leave();
            }
            default -> {
                if (!opening.received(method)) {
                    throw unexpected(method);
                }
            }
        }
    }

    private AmqpException unexpected(Method method) {
        String named = state == State.OPEN ? "running" : state.name().toLowerCase(Locale.ROOT);
        LOG.info("connection {}: method {}.{} while {}", session, method.classId(),
                method.methodId(), named);
        return new AmqpException(ReplyCode.CHANNEL_ERROR,
                "unexpected method in connection state " + named);
    }

    /** Stops processing received data until {@link #resume}. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        processKept();
        if (state == State.OPEN && opened != null) {
            opened.readComplete();
        }
        if (state != State.CLOSED) {
            output.flush();
        }
    }

    State state() {
        return state;
    }

    void enter(State next) {
        assert state.compareTo(next) < 0 : state + " before " + next;
        state = next;
    }

    /** Opens the connection on the loop of its virtual host. */
    void opened(Handshake.Terms terms) {
        Optional<String> tooMany = ConnectionCounts.take(services.open(), opening.user(),
                terms.host().name());
        if (tooMany.isPresent()) {
            fail(new AmqpException(ReplyCode.NOT_ALLOWED, tooMany.get()), 0, 0);
            output.flush();
            return;
        }
        enter(State.OPEN);
        ClientConnection.describe(socket,
                Map.of("user", opening.user(), "vhost", terms.host().name()));
        opened = new OpenConnection(this, socket, services, output, memory, session, terms);
        output.method(0, new ConnectionMethod.OpenOk(""));
        // Memory may have run short before the connection was open.
        opened.memoryChanged();
    }

    /**
     * Closes the connection for a reason other than a client error: sends {@code connection.close}.
     */
    void end(ReplyCode code, String reason) {
        fail(new AmqpException(code, reason), 0, 0);
        output.flush();
    }

    /** The connection as an operator sees it; empty until it is open. */
    Optional<ConnectionReport> report(long ageMs) {
        OpenConnection open = opened;
        if (state != State.OPEN || open == null) {
            return Optional.empty();
        }
        ClientConnection client = ClientConnection.of(socket);
        Map<String, Object> facts = new LinkedHashMap<>();
        List<ChannelReport> channels = open.report(facts);
        opening.report(facts);
        facts.put("send_pend", output.pendingBytes());
        return Optional.of(new ConnectionReport(client.name(), client.listener(), facts,
                new ConnectionReport.Octets(traffic.received(), traffic.sent(), traffic.reads(),
                        traffic.writes(), ageMs),
                channels));
    }

    /** Runs tasks of other threads on this connection's loop. */
    LoopTasks tasks() {
        return tasks;
    }

    /** Ends the connection if the deleted user is its user, even while it is still being opened. */
    void userDeleted(String user) {
        if (opening.user().equals(user)) {
            end(ReplyCode.CONNECTION_FORCED, "user '" + user + "' is deleted");
        }
    }

    /** Applies changed permissions if the user is this connection's. */
    void permissionsChanged(String user) {
        if (opening.user().equals(user) && state == State.OPEN && opened != null) {
            opened.permissionsChanged();
        }
    }

    private void closing(Method method) {
        switch (method) {
            case ConnectionMethod.CloseOk _ -> close();
            case ConnectionMethod.Close _ -> leave();
            default -> {
                // The client sent this before it received the close.
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (state == State.OPEN && opened != null) {
            opened.readComplete();
        }
        output.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (opened != null && socket.isWritable()) {
            opened.writable();
        }
    }

    /**
     * Closes the connection with an error; {@code failing} is the request that caused it, if any.
     */
    void fail(AmqpException error, Optional<Method> failing) {
        fail(error, failing.map(Method::classId).orElse(0),
                failing.map(Method::methodId).orElse(0));
    }

    private void fail(AmqpException error, int classId, int methodId) {
        switch (state) {
            case HEADER, CLOSING, MOVING -> close();
            case LEAVING, CLOSED -> {
                // The client can no longer be told.
            }
            case LOGIN, CHECKING, TUNING, OPENING, OPEN -> {
                closing(error.replyText());
                release();
                enter(State.CLOSING);
                output.method(0, new ConnectionMethod.Close(error.code().number(),
                        error.replyText(), classId, methodId));
                closeAfter(opening.heartbeatSeconds());
                readToTheEnd();
            }
        }
    }

    /**
     * Resumes processing of postponed data, because it may contain the client's {@code close-ok}.
     */
    private void readToTheEnd() {
        if (paused) {
            socket.eventLoop().execute(guarded(() -> {
                if (state == State.CLOSING) {
                    var _ = socket.config().setAutoRead(true);
                    resume();
                }
            }));
        }
    }

    /** Logs the end of a connection; one that never logged in is logged {@link #rarely}. */
    private void closing(String reason) {
        switch (state) {
            case HEADER -> rarely(NO_HEADER, reason);
            case LOGIN, CHECKING -> rarely(NO_LOGIN, reason);
            default -> LOG.info("closing connection {}: {}", session, Printable.brief(reason));
        }
    }

    private void rarely(String cause, String reason) {
        long count = services.lines().count(cause);
        if (count > 0) {
            LOG.info("closing connection {}: {}; {} connections ended {} since the last such line",
                    session, Printable.brief(reason), count, cause);
        }
    }

    /**
     * Tells the client that the broker is stopping. The connection closes when the client confirms.
     */
    void shutDown() {
        if (state == State.OPEN) {
            end(ReplyCode.CONNECTION_FORCED,
                    "broker forced connection closure with reason 'shutdown'");
        } else if (state != State.CLOSING) {
            close();
        }
    }

    void handshakeTimedOut() {
        if (state != State.CLOSED) {
            rarely(TIMED_OUT, "handshake timeout");
            close();
        }
    }

    /** Confirms the client's close and waits until the client closes the socket. */
    private void leave() {
        output.method(0, new ConnectionMethod.CloseOk());
        output.flush();
        output.close();
        cutter.close();
        if (state != State.CLOSING) {
            closeAfter(opening.heartbeatSeconds());
        }
        enter(State.LEAVING);
    }

    /**
     * Closes the socket after the heartbeat interval, at most 30 seconds, if the client has not;
     * after one second if its input is malformed.
     */
    private void closeAfter(int heartbeatSeconds) {
        int most = unreadable ? UNREADABLE_TIMEOUT_S : CLOSE_TIMEOUT_S;
        int seconds = heartbeatSeconds == 0 ? most : Math.min(heartbeatSeconds, most);
        closeTimeout = socket.eventLoop().schedule(guarded(this::close), seconds,
                TimeUnit.SECONDS);
    }

    private void release() {
        if (opened != null) {
            opened.release();
        }
    }

    /** Closes the socket without {@code connection.close} and releases everything. Idempotent. */
    void close() {
        if (state != State.CLOSED) {
            opening.stop();
            if (closeTimeout != null) {
                closeTimeout.cancel(false);
            }
            enter(State.CLOSED);
            Guard.run("AMQ-008", "a connection that ends", this::release);
            output.close();
            cutter.close();
            unprocessed.close();
            memory.close();
        }
        var _ = socket.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (state == State.OPEN) {
            LOG.info("connection {}: client unexpectedly closed TCP connection", session);
        }
        close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(cause);
    }

    /**
     * Ends this connection after an internal error. An I/O error only closes the socket. A fatal
     * error ends the process ({@link FailStop#check}).
     */
    void failed(Throwable cause) {
        FailStop.check(cause);
        if (cause instanceof IOException) {
            LOG.debug("connection {} was lost: {}", session, cause.getMessage());
            close();
            return;
        }
        LOG.error("AMQ-007 connection {} failed", session, cause);
        Guard.run(() -> {
            if (cause instanceof OutOfMemoryError) {
                end(ReplyCode.RESOURCE_ERROR, "the broker has no memory left for this");
            } else {
                end(ReplyCode.INTERNAL_ERROR, "the broker failed");
            }
        }, _ -> close());
    }

    /** Wraps a task of this connection so that its failure ends only this connection. */
    Runnable guarded(Runnable task) {
        return () -> Guard.run(task, this::failed);
    }

    /** Called when the resource alarm has cleared. */
    void unblock() {
        if (opened != null) {
            opened.unblock();
        }
    }
}
