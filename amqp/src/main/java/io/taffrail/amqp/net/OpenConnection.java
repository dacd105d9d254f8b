package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.channel.DirectReplies;
import io.taffrail.amqp.channel.Link;
import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.memory.HeldMemory;
import io.taffrail.amqp.memory.Quota;
import io.taffrail.amqp.output.FrameOutput;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.traffic.ChannelReport;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.vhost.EndListener;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State of a {@link AmqpConnection} from {@code connection.open-ok} until it begins to close:
 * channels,
 * virtual host, heartbeats and flow control. On the event loop of the virtual host only.
 */
final class OpenConnection implements Link {

    private static final Logger LOG = LoggerFactory.getLogger(OpenConnection.class);

    private final AmqpConnection connection;
    private final Channel socket;
    private final Services services;
    private final FrameOutput output;
    private final Session session;
    private final Handshake.Terms terms;
    private Access access;
    private final HeldMemory memory;
    private final Limits limits;
    private final Quota unfinished;
    private final Quota transactions;
    private final MemoryWatch watch;
    private final Intake intake;
    private final Channels channels;
    private final @Nullable Heartbeats heartbeats;
    private final Registration hostEnd;
    private final List<Runnable> awaitingWritable = new ArrayList<>();
    private boolean blocked;
    /** Requests in progress that later frames must wait for. */
    private int holds;
    private boolean waitsForTurn;
    private boolean released;

    OpenConnection(AmqpConnection connection, Channel socket, Services services, FrameOutput output,
            HeldMemory memory, Session session, Handshake.Terms terms) {
        this.connection = connection;
        this.socket = socket;
        this.services = services;
        this.output = output;
        this.session = session;
        this.terms = terms;
        this.access = terms.access();
        this.memory = memory;
        AmqpConfig config = services.config();
        this.limits = new Limits(config.maxMessageBytes(), config.maxUnsettled());
        this.unfinished = new Quota(memory, Math.max(config.maxUnfinishedBytes(),
                config.maxMessageBytes() + (long) config.frameMaxBytes()),
                ReplyCode.CONTENT_TOO_LARGE,
                "messages of this connection that are not complete hold");
        this.transactions = new Quota(memory, config.maxTransactionBytes(),
                ReplyCode.RESOURCE_ERROR, "transactions of this connection hold");
        this.intake = new Intake(connection, socket, output, memory, services.unforcedBytes(),
                config.maxUnforcedBytes(), this::inTurn);
        this.watch = new MemoryWatch(connection, memory, socket.eventLoop(),
                config.memoryTimeoutMs(), services.loops().memory().stalledMs(),
                this::tellOfMemory);
        this.channels = new Channels(this, terms.channelMax(), services.churn(), services.open());
        this.heartbeats = terms.heartbeatSeconds() == 0
                ? null
                : new Heartbeats(connection, socket.eventLoop(), output,
                        terms.heartbeatSeconds(), this::silent);
        this.hostEnd = terms.host().onEnd(new EndListener() {
            @Override
            public void deleted() {
                connection.guarded(() -> connection.end(ReplyCode.CONNECTION_FORCED,
                        "vhost '" + terms.host().name() + "' is deleted")).run();
            }

            @Override
            public void failed(String detail) {
                connection.guarded(() -> connection.end(ReplyCode.INTERNAL_ERROR,
                        "the broker cannot store any more")).run();
            }
        });
        LOG.debug("connection {}: user '{}' opened virtual host '{}'", session,
                Printable.of(user()), Printable.of(terms.host().name()));
    }

    /** Runs {@code next} after other connections have had a turn. */
    private void inTurn(Runnable next) {
        waitsForTurn = true;
        silenceAllowed();
        host().inTurn(connection.guarded(() -> {
            waitsForTurn = false;
            silenceAllowed();
            next.run();
        }));
    }

    private void silent() {
        LOG.info("closing connection {}: missed heartbeats from client, timeout: {}s", session,
                terms.heartbeatSeconds());
        connection.close();
    }

    /**
     * Applies changed permissions: closes the connection, or channels, that are no longer allowed.
     */
    void permissionsChanged() {
        Optional<Access> now = services.users().access(user(), terms.host().name());
        if (now.isEmpty()) {
            connection.end(ReplyCode.NOT_ALLOWED,
                    Handshake.refused(user(), terms.host().name()));
            return;
        }
        access = now.get();
        channels.permissionsChanged();
    }

    /** Called when bytes were received from the client. */
    void received() {
        if (heartbeats != null) {
            heartbeats.received();
        }
    }

    /** Processes a frame of a channel; {@code payload} belongs to the caller. */
    void frame(int type, int number, ByteBuf payload) {
        long before = host().work();
        channels.frame(type, number, payload, socket.alloc());
        intake.handled(host().work() - before);
    }

    /** Called when the socket has no more bytes to read for now. */
    void readComplete() {
        intake.regulate();
    }

    /**
     * Called when the connection begins or ceases to hold more memory than the budget has room for.
     */
    void memoryChanged() {
        if (released) {
            return;
        }
        watch.changed();
        silenceAllowed();
        intake.regulate();
        if (!memory.isIndebted() && output.isWritable()) {
            wakeConsumers();
        }
    }

    /** Called at intervals while other connections wait for memory. */
    void memoryIsShort(long intervalMs) {
        if (!released) {
            watch.memoryIsShort(intervalMs);
        }
    }

    private void tellOfMemory(boolean waits) {
        if (!released && !blocked) {
            tellOfBlocking(waits
                    ? new ConnectionMethod.Blocked("low on memory")
                    : new ConnectionMethod.Unblocked());
            output.flush();
        }
    }

    /** Called when the socket is writable again. */
    void writable() {
        if (!memory.isIndebted()) {
            wakeConsumers();
        }
        intake.regulate();
    }

    private void wakeConsumers() {
        List<Runnable> waiting = List.copyOf(awaitingWritable);
        awaitingWritable.clear();
        waiting.forEach(wake -> Guard.run(wake, connection::failed));
    }

    /** Resumes publishing if the resource alarm has cleared. */
    void unblock() {
        if (blocked && !released && !services.alarm().isOn()) {
            blocked = false;
            block(false);
            tellOfBlocking(new ConnectionMethod.Unblocked());
            output.flush();
        }
    }

    @Override
    public void published() {
        if (!blocked && services.alarm().isOn() && !released) {
            blocked = true;
            block(true);
            tellOfBlocking(new ConnectionMethod.Blocked(ResourceAlarm.REASON));
        }
    }

    private void block(boolean byAlarm) {
        intake.block(byAlarm);
        silenceAllowed();
    }

    /** Suspends the silence check while the broker does not read from the client. */
    private void silenceAllowed() {
        if (heartbeats != null) {
            heartbeats.pause(blocked || holds > 0 || waitsForTurn || memory.isIndebted());
        }
    }

    private void tellOfBlocking(ConnectionMethod method) {
        if (terms.peer().wantsToKnowOfBlocking()) {
            output.method(0, method);
        }
    }

    /**
     * Releases channels and everything else held in the broker. The socket is still read until
     * it closes. Idempotent.
     */
    void release() {
        if (!released) {
            released = true;
            watch.cancel();
            let(channels::release);
            let(() -> ConnectionCounts.release(services.open(), user(), host().name()));
            let(() -> terms.host().closed(session));
            let(hostEnd::close);
            if (heartbeats != null) {
                heartbeats.close();
            }
            intake.close();
        }
    }

    /** Runs one step of the release; a failure is logged and does not prevent the other steps. */
    private static void let(Runnable go) {
        Guard.run("AMQ-008", "a part of a connection that ends", go);
    }

    /** Adds user and state to the report of the connection; returns those of its channels. */
    List<ChannelReport> report(Map<String, Object> facts) {
        facts.put("user", user());
        facts.put("vhost", host().name());
        facts.put("state", blocked ? "blocked" : memory.isIndebted() ? "flow" : "running");
        List<ChannelReport> reports = channels.reports();
        facts.put("channels", reports.size());
        return reports;
    }

    @Override
    public FrameOutput output() {
        return output;
    }

    @Override
    public VirtualHost host() {
        return terms.host();
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public String user() {
        return terms.peer().user();
    }

    @Override
    public Access access() {
        return access;
    }

    @Override
    public boolean notifiesOfCancel() {
        return terms.peer().notifiesOfCancel();
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public HeldMemory memory() {
        return memory;
    }

    @Override
    public Quota unfinished() {
        return unfinished;
    }

    @Override
    public Quota transactions() {
        return transactions;
    }

    @Override
    public DirectReplies replies() {
        return services.replies();
    }

    @Override
    public void readAfter(CompletableFuture<?> done) {
        hold(1);
        var _ = done.whenComplete((_, _) -> connection.guarded(() -> hold(-1)).run());
    }

    private void hold(int more) {
        holds += more;
        silenceAllowed();
        intake.hold(holds > 0);
    }

    @Override
    public void awaitWritable(Runnable wake) {
        awaitingWritable.add(wake);
    }

    @Override
    public void fail(AmqpException error, Optional<Method> failing) {
        connection.fail(error, failing);
    }

    @Override
    public void failed(Throwable cause) {
        connection.failed(cause);
    }

    @Override
    public void closed(int channelNumber) {
        channels.closed(channelNumber);
    }
}
