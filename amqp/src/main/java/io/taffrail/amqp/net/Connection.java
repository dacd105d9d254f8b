package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
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
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.text.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection, from its first byte to its last; {@link OpenConnection} is what it has
 * in between.
 *
 * <pre>
 *  HEADER ─► LOGIN ─► CHECKING ─► TUNING ─► OPENING ─► MOVING ─► OPEN
 *
 *  any of LOGIN to OPEN ── an error the client is told ─► CLOSING ── close-ok ──► CLOSED
 *  any of LOGIN to OPEN ── connection.close of the client ─► LEAVING ── it hangs up ──► CLOSED
 * </pre>
 *
 * While CHECKING a password, and while MOVING, nothing is read. After {@code close-ok} the socket
 * is
 * the client's to close, as in RabbitMQ: one that closes its connection in several threads at once
 * must not find it gone. What it sends then is dropped, and a time-out ends its patience.
 *
 * <p>
 * From {@code connection.open} on it lives on the loop of its virtual host. On its loop only.
 */
final class Connection extends ChannelInboundHandlerAdapter implements FrameCutter.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int CLOSE_TIMEOUT_S = 30;
    /** Time for the reason to reach a client that has sent what is no frame. */
    private static final int UNREADABLE_TIMEOUT_S = 1;

    private enum State {
        HEADER, LOGIN, CHECKING, TUNING, OPENING, MOVING, OPEN, CLOSING, LEAVING, CLOSED
    }

    private final Channel socket;
    private final Services services;
    private final Handshake handshake;
    private final FrameOutput output;
    private final FrameCutter cutter;
    private final Session session;
    private final LoopTasks tasks;
    private final HeldMemory memory;
    /** Charged for what was received and not looked at, or is no whole frame yet. */
    private int receivedBytes;
    private final Future<?> handshakeTimeout;
    private @Nullable Future<?> closeTimeout;
    private State state = State.HEADER;
    /** There from OPEN on; released in any later state. */
    private @Nullable OpenConnection opened;
    /** Something received is not done with: what follows is not looked at. */
    private boolean paused;
    /** Something came that is no frame: all behind it is dropped. */
    private boolean unreadable;
    /** What was received and not looked at while the connection moves or is paused. */
    private @Nullable ByteBuf postponed;

    Connection(Channel socket, Services services) {
        this.socket = socket;
        this.services = services;
        this.tasks = new LoopTasks(socket, this::failed);
        this.memory = new HeldMemory(services.loops().memory().open(), task -> {
            var _ = tasks.post(task);
        }, this::memoryChanged);
        this.output = new FrameOutput(socket, memory, this::failed);
        this.cutter = new FrameCutter(socket.alloc(), Frame.INITIAL_MAX_BYTES, this);
        InetSocketAddress remote = (InetSocketAddress) socket.remoteAddress();
        this.handshake = new Handshake(services, remote.getAddress());
        this.session = new Session(text(remote) + " -> "
                + text((InetSocketAddress) socket.localAddress()));
        this.handshakeTimeout = socket.eventLoop().schedule(guarded(this::handshakeTimedOut),
                services.config().handshakeTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (isOver()) {
            bytes.release();
            return;
        }
        if (opened != null) {
            opened.received();
        }
        ByteBuf before = postponed;
        if (before != null) {
            postponed = before.writeBytes(bytes);
            bytes.release();
            if (state != State.HEADER || paused) {
                charge();
                return;
            }
            postponed = null;
            bytes = before;
        }
        if (paused) {
            postponed = bytes;
            charge();
        } else {
            process(bytes);
        }
    }

    /** Charges what is kept of what was received. */
    private void charge() {
        ByteBuf kept = postponed;
        int now = cutter.heldBytes() + (kept == null ? 0 : kept.capacity());
        int before = receivedBytes;
        receivedBytes = now;
        if (now > before) {
            memory.add(now - before);
        } else {
            memory.remove(before - now);
        }
    }

    private void memoryChanged() {
        if (opened != null) {
            opened.memoryChanged();
        }
    }

    /** Others wait for memory; called at intervals while that is so. */
    void memoryIsShort(long intervalMs) {
        if (opened != null) {
            opened.memoryIsShort(intervalMs);
        }
    }

    /** Takes what was received; owns it. */
    private void process(ByteBuf bytes) {
        try {
            if (state == State.HEADER && !header(bytes)) {
                return;
            }
            if (state != State.CLOSED && !cutter.received(bytes)
                    && (state == State.MOVING || (paused && !isOver()))
                    && bytes.isReadable()) {
                postponed = socket.alloc().buffer(bytes.readableBytes()).writeBytes(bytes);
            }
        } catch (AmqpException e) {
            // Not of a frame but of what is none: nobody knows where the next one begins.
            unreadable = true;
            fail(e, 0, 0);
        } catch (Throwable e) {
            ended(e);
        } finally {
            bytes.release();
            charge();
        }
    }

    /** Whether nothing that comes is looked at any more. */
    private boolean isOver() {
        return state == State.LEAVING || state == State.CLOSED || unreadable;
    }

    /** Ends the connection as the error wants it. */
    private void ended(Throwable error) {
        switch (error) {
            case AmqpException e -> fail(e, 0, 0);
            case UnknownMethodException e -> refuse(e);
            case Handshake.RefusedException e -> refuse(e);
            default -> failed(error);
        }
    }

    private void refuse(RuntimeException why) {
        LOG.info("closing connection {}: {}", session, Printable.brief(why.getMessage()));
        output.flush();
        close();
    }

    private boolean header(ByteBuf bytes) {
        if (bytes.readableBytes() < ProtocolHeader.BYTES) {
            postponed = socket.alloc().buffer(ProtocolHeader.BYTES).writeBytes(bytes);
            return false;
        }
        if (!ProtocolHeader.isAccepted(bytes)) {
            LOG.info("closing connection {}: it does not speak AMQP 0-9-1", session);
            var _ = socket.writeAndFlush(socket.alloc().buffer().writeBytes(ProtocolHeader.ours()))
                    .addListener(written -> close());
            return false;
        }
        state = State.LOGIN;
        output.method(0, handshake.start());
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
            case ConnectionMethod.StartOk m when state == State.LOGIN -> login(m);
            case ConnectionMethod.TuneOk m when state == State.TUNING -> tuned(m);
            case ConnectionMethod.Open m when state == State.OPENING -> open(m);
            case ConnectionMethod.UpdateSecret _ when state == State.OPEN ->
                // As in RabbitMQ it is for what expires; a password is asked for once.
                output.method(0, new ConnectionMethod.UpdateSecretOk());
            case ConnectionMethod.Close _ -> {
                release();
                leave();
            }
            default -> throw unexpected(method);
        }
    }

    private void login(ConnectionMethod.StartOk startOk) {
        state = State.CHECKING;
        CompletableFuture<Boolean> accepted = handshake.login(startOk, socket.eventLoop());
        if (accepted.isDone()) {
            loggedIn(accepted.join());
            return;
        }
        pause();
        var _ = socket.config().setAutoRead(false);
        var _ = accepted.handle((right, failure) -> (Runnable) () -> {
            if (failure == null) {
                checked(right);
            } else {
                failed(failure);
            }
        }).thenCompose(tasks::post);
    }

    private void checked(boolean accepted) {
        if (state == State.CHECKING) {
            try {
                loggedIn(accepted);
            } catch (Throwable e) {
                ended(e);
            }
            var _ = socket.config().setAutoRead(true);
            resume();
        }
    }

    private void loggedIn(boolean accepted) {
        if (!accepted) {
            throw handshake.loginRefused();
        }
        state = State.TUNING;
        output.method(0, handshake.tune());
    }

    private AmqpException unexpected(Method method) {
        String named = state == State.OPEN ? "running" : state.name().toLowerCase(Locale.ROOT);
        LOG.info("connection {}: method {}.{} while {}", session, method.classId(),
                method.methodId(), named);
        return new AmqpException(ReplyCode.CHANNEL_ERROR,
                "unexpected method in connection state " + named);
    }

    private void tuned(ConnectionMethod.TuneOk tuned) {
        handshake.tuned(tuned);
        cutter.maxFrameBytes((int) tuned.frameMax());
        output.maxFrameBytes((int) tuned.frameMax());
        state = State.OPENING;
    }

    /** Moves to the loop that owns the virtual host, and goes on there. */
    private void open(ConnectionMethod.Open open) {
        Handshake.Terms terms = handshake.open(open);
        handshakeTimeout.cancel(false);
        EventLoop loop = services.loops().loop(terms.host().owner());
        if (loop.inEventLoop()) {
            opened(terms);
            return;
        }
        state = State.MOVING;
        output.flush();
        tasks.leave();
        var _ = socket.deregister().addListener(left -> loop.register(socket)
                .addListener(arrived -> {
                    if (!arrived.isSuccess()) {
                        tasks.arrive();
                        LOG.error("connection {} could not move to the loop of its virtual host",
                                session, arrived.cause());
                        close();
                        return;
                    }
                    loop.execute(guarded(() -> arrived(terms)));
                }));
    }

    private void arrived(Handshake.Terms terms) {
        if (state != State.MOVING) {
            tasks.arrive();
            return;
        }
        opened(terms);
        tasks.arrive();
        ByteBuf bytes = postponed;
        if (bytes != null) {
            postponed = null;
            process(bytes);
        }
    }

    /** What comes next is not looked at until {@link #resume}. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        ByteBuf bytes = postponed;
        if (bytes != null) {
            postponed = null;
            process(bytes);
        }
        if (state == State.OPEN && opened != null) {
            opened.readComplete();
        }
        if (state != State.CLOSED) {
            output.flush();
        }
    }

    private void opened(Handshake.Terms terms) {
        state = State.OPEN;
        opened = new OpenConnection(this, socket, services, output, memory, session, terms);
        output.method(0, new ConnectionMethod.OpenOk(""));
        // Memory may have been short before it was open.
        opened.memoryChanged();
    }

    /** Ends the connection for a reason that is not the client's. */
    void end(ReplyCode code, String reason) {
        fail(new AmqpException(code, reason), 0, 0);
        output.flush();
    }

    /** What other threads have for this connection. */
    LoopTasks tasks() {
        return tasks;
    }

    /** A user was deleted: its connections end, also one that is still being opened. */
    void userDeleted(String user) {
        if (handshake.user().equals(user)) {
            end(ReplyCode.CONNECTION_FORCED, "user '" + user + "' is deleted");
        }
    }

    /** What a user may do has changed. */
    void permissionsChanged(String user) {
        if (handshake.user().equals(user) && state == State.OPEN && opened != null) {
            opened.permissionsChanged();
        }
    }

    private void closing(Method method) {
        switch (method) {
            case ConnectionMethod.CloseOk _ -> close();
            case ConnectionMethod.Close _ -> leave();
            default -> {
                // The client did not know yet.
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

    /** Ends with an error; {@code failing} is the request that caused it, if one did. */
    void fail(AmqpException error, Optional<Method> failing) {
        fail(error, failing.map(Method::classId).orElse(0),
                failing.map(Method::methodId).orElse(0));
    }

    private void fail(AmqpException error, int classId, int methodId) {
        switch (state) {
            case HEADER, CLOSING, MOVING -> close();
            case LEAVING, CLOSED -> {
                // Nobody is left to be told.
            }
            case LOGIN, CHECKING, TUNING, OPENING, OPEN -> {
                LOG.info("closing connection {}: {}", session, Printable.brief(error.replyText()));
                release();
                state = State.CLOSING;
                output.method(0, new ConnectionMethod.Close(error.code().number(),
                        error.replyText(), classId, methodId));
                closeAfter(handshake.heartbeatSeconds());
                readToTheEnd();
            }
        }
    }

    /** What was put off has to be looked at: the answer to the close may be behind it. */
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

    /** Tells the client that the broker stops; it is closed when the client has answered. */
    void shutDown() {
        if (state == State.OPEN) {
            end(ReplyCode.CONNECTION_FORCED,
                    "broker forced connection closure with reason 'shutdown'");
        } else if (state != State.CLOSING) {
            close();
        }
    }

    private void handshakeTimedOut() {
        if (state != State.CLOSED) {
            LOG.info("closing connection {}: handshake timeout", session);
            close();
        }
    }

    /** Answers the client's close and waits until it hangs up. */
    private void leave() {
        output.method(0, new ConnectionMethod.CloseOk());
        output.flush();
        output.close();
        cutter.close();
        if (state != State.CLOSING) {
            closeAfter(handshake.heartbeatSeconds());
        }
        state = State.LEAVING;
    }

    /**
     * Ends the patience with a client after its heartbeat interval, or after 30 seconds; soon with
     * one whose answer cannot be read.
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

    /** Ends without a word. */
    void close() {
        if (state != State.CLOSED) {
            handshakeTimeout.cancel(false);
            if (closeTimeout != null) {
                closeTimeout.cancel(false);
            }
            state = State.CLOSED;
            Guard.run("AMQ-008", "a connection that ends", this::release);
            output.close();
            cutter.close();
            if (postponed != null) {
                postponed.release();
                postponed = null;
            }
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

    /** Ends after an error that is nobody's but this connection's. */
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

    /** Runs a task of this connection's own so that its failure ends the connection alone. */
    Runnable guarded(Runnable task) {
        return () -> Guard.run(task, this::failed);
    }

    /** The alarm is over. */
    void unblock() {
        if (opened != null) {
            opened.unblock();
        }
    }
}
