package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
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
import io.taffrail.amqp.output.FrameOutput;
import io.taffrail.broker.queue.Session;
import io.taffrail.log.text.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
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
 *  HEADER ─► LOGIN ─► TUNING ─► OPENING ─► MOVING ─► OPEN ─► CLOSING ─► CLOSED
 *              └────────┴──────────┴──── an error the client is told ─────▲
 * </pre>
 *
 * From {@code connection.open} on it lives on the loop of its virtual host. On its loop only.
 */
final class Connection extends ChannelInboundHandlerAdapter implements FrameCutter.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int CLOSE_TIMEOUT_S = 30;

    private enum State {
        HEADER, LOGIN, TUNING, OPENING, MOVING, OPEN, CLOSING, CLOSED
    }

    private final Channel socket;
    private final Services services;
    private final Handshake handshake;
    private final FrameOutput output;
    private final FrameCutter cutter;
    private final Session session;
    private final Future<?> handshakeTimeout;
    private State state = State.HEADER;
    /** There from OPEN on; released in any later state. */
    private @Nullable OpenConnection opened;
    /** Something received is not done with: what follows is not looked at. */
    private boolean paused;
    /** What was received and not looked at while the connection moves or is paused. */
    private @Nullable ByteBuf postponed;

    Connection(Channel socket, Services services) {
        this.socket = socket;
        this.services = services;
        this.output = new FrameOutput(socket);
        this.cutter = new FrameCutter(socket.alloc(), Frame.MIN_MAX_BYTES, this);
        InetSocketAddress remote = (InetSocketAddress) socket.remoteAddress();
        this.handshake = new Handshake(services, remote.getAddress());
        this.session = new Session(text(remote) + " -> "
                + text((InetSocketAddress) socket.localAddress()));
        this.handshakeTimeout = socket.eventLoop().schedule(this::handshakeTimedOut,
                services.config().handshakeTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (opened != null) {
            opened.received();
        }
        ByteBuf before = postponed;
        if (before != null) {
            postponed = before.writeBytes(bytes);
            bytes.release();
            if (state != State.HEADER || paused) {
                return;
            }
            postponed = null;
            bytes = before;
        }
        if (paused) {
            postponed = bytes;
        } else {
            process(bytes);
        }
    }

    /** Takes what was received; owns it. */
    private void process(ByteBuf bytes) {
        try {
            if (state == State.HEADER && !header(bytes)) {
                return;
            }
            if (state != State.CLOSED && !cutter.received(bytes)
                    && (state == State.MOVING || paused) && bytes.isReadable()) {
                postponed = socket.alloc().buffer(bytes.readableBytes()).writeBytes(bytes);
            }
        } catch (AmqpException e) {
            fail(e, 0, 0);
        } catch (UnknownMethodException | Handshake.RefusedException e) {
            LOG.info("closing connection {}: {}", session, Printable.brief(e.getMessage()));
            output.flush();
            close();
        } finally {
            bytes.release();
        }
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
        return !paused && state != State.MOVING && state != State.CLOSED;
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
            fail(e, method);
        }
    }

    private void connection(ConnectionMethod method) {
        switch (method) {
            case ConnectionMethod.StartOk m when state == State.LOGIN -> {
                handshake.login(m);
                state = State.TUNING;
                output.method(0, handshake.tune());
            }
            case ConnectionMethod.TuneOk m when state == State.TUNING -> tuned(m);
            case ConnectionMethod.Open m when state == State.OPENING -> open(m);
            case ConnectionMethod.UpdateSecret _ when state == State.OPEN ->
                // As in RabbitMQ it is for what expires; a password is asked for once.
                output.method(0, new ConnectionMethod.UpdateSecretOk());
            case ConnectionMethod.Close _ -> {
                release();
                output.method(0, new ConnectionMethod.CloseOk());
                closeWhenSent();
            }
            default -> throw unexpected(method);
        }
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
        var _ = socket.deregister().addListener(left -> loop.register(socket)
                .addListener(arrived -> {
                    if (!arrived.isSuccess()) {
                        LOG.error("connection {} could not move to the loop of its virtual host",
                                session, arrived.cause());
                        close();
                        return;
                    }
                    loop.execute(() -> arrived(terms));
                }));
    }

    private void arrived(Handshake.Terms terms) {
        if (state != State.MOVING) {
            return;
        }
        opened(terms);
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
        opened = new OpenConnection(this, socket, services, output, session, terms);
        output.method(0, new ConnectionMethod.OpenOk(""));
    }

    /** Ends the connection for a reason that is not the client's. */
    void end(ReplyCode code, String reason) {
        fail(new AmqpException(code, reason), 0, 0);
        output.flush();
    }

    private void closing(Method method) {
        switch (method) {
            case ConnectionMethod.CloseOk _ -> close();
            case ConnectionMethod.Close _ -> {
                output.method(0, new ConnectionMethod.CloseOk());
                closeWhenSent();
            }
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

    /** Ends with an error; {@code failing} is the request that caused it. */
    void fail(AmqpException error, Method failing) {
        fail(error, failing.classId(), failing.methodId());
    }

    private void fail(AmqpException error, int classId, int methodId) {
        switch (state) {
            case HEADER, CLOSING, MOVING -> close();
            case CLOSED -> {
                // Nobody is left to be told.
            }
            case LOGIN, TUNING, OPENING, OPEN -> {
                LOG.info("closing connection {}: {}", session, Printable.brief(error.replyText()));
                release();
                state = State.CLOSING;
                output.method(0, new ConnectionMethod.Close(error.code().number(),
                        error.replyText(), classId, methodId));
                var _ = socket.eventLoop().schedule(this::close, CLOSE_TIMEOUT_S,
                        TimeUnit.SECONDS);
            }
        }
    }

    /** Tells the client that the broker stops, and closes. */
    void shutDown() {
        if (state == State.OPEN) {
            fail(new AmqpException(ReplyCode.CONNECTION_FORCED,
                    "broker forced connection closure with reason 'shutdown'"), 0, 0);
            output.flush();
        }
        close();
    }

    private void handshakeTimedOut() {
        if (state != State.CLOSED) {
            LOG.info("closing connection {}: handshake timeout", session);
            close();
        }
    }

    private void closeWhenSent() {
        state = State.CLOSED;
        output.flush();
        output.close();
        cutter.close();
        // The close-ok must not be overtaken by a reset for what was received after the close.
        var _ = socket.writeAndFlush(socket.alloc().buffer(0))
                .addListener(ChannelFutureListener.CLOSE);
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
            release();
            state = State.CLOSED;
            output.close();
            cutter.close();
            if (postponed != null) {
                postponed.release();
                postponed = null;
            }
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
        if (cause instanceof IOException) {
            LOG.debug("connection {} was lost: {}", session, cause.getMessage());
        } else {
            LOG.error("connection {} failed", session, cause);
        }
        close();
    }

    /** The alarm is over. */
    void unblock() {
        if (opened != null) {
            opened.unblock();
        }
    }
}
