package io.taffrail.amqp.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.taffrail.amqp.codec.AccessMethod;
import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConfirmMethod;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.ExchangeMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.codec.TxMethod;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.traffic.ChannelReport;
import io.taffrail.broker.traffic.ConsumerReport;
import io.taffrail.log.guard.Guard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One open channel: dispatches its frames to the class for each concern.
 *
 * <pre>
 *          error: channel.close sent                 channel.close-ok, channel.close
 *  OPEN ────────────────────────────────► CLOSING ──────────────────────────────────► CLOSED
 *    └──────────────────────────── channel.close received ──────────────────────────────▲
 * </pre>
 *
 * While the channel is CLOSING, all frames except {@code channel.close} and
 * {@code channel.close-ok} are ignored. On the connection's loop only.
 */
public final class AmqpChannel {

    private enum State {
        OPEN, CLOSING, CLOSED
    }

    private final int number;
    private final Link connection;
    private final ChannelLink link;
    private final Declarations declarations;
    private final Confirms confirms;
    private final Transaction transaction;
    private final Settling settling;
    private final Consuming consuming;
    private final Publishing publishing;
    private final Incoming incoming;
    private State state = State.OPEN;
    /** Method that the current frame belongs to, if known yet; errors name it. */
    private @Nullable Method current;

    /** Opens a channel; the caller sends {@code channel.open-ok}. */
    public AmqpChannel(int number, Link connection) {
        this.number = number;
        this.connection = connection;
        this.link = new ChannelLink(number, connection, this::close);
        this.confirms = new Confirms(link);
        this.transaction = new Transaction(link);
        this.settling = new Settling(transaction, link);
        Replying replying = new Replying(link, settling);
        this.declarations = new Declarations(link, replying);
        this.consuming = new Consuming(link, declarations, settling, replying);
        this.publishing = new Publishing(link, confirms, transaction, replying);
        this.incoming = new Incoming(publishing, connection.limits().maxMessageBytes(),
                connection.unfinished());
    }

    /**
     * Processes a frame. Errors of the channel or the connection are reported to the client here.
     *
     * @param type
     *            {@link Frame#METHOD}, {@link Frame#HEADER} or {@link Frame#BODY}
     * @param payload
     *            owned by the caller; not used after this returns
     * @param allocator
     *            allocates the buffer of a body that spans several frames
     * @throws io.taffrail.amqp.codec.UnknownMethodException
     *             if the method does not exist; the caller closes the connection
     */
    public void frame(int type, ByteBuf payload, ByteBufAllocator allocator) {
        if (state == State.CLOSING) {
            closing(type, payload);
            return;
        }
        current = incoming.expecting();
        try {
            switch (type) {
                case Frame.METHOD -> method(payload);
                case Frame.HEADER -> incoming.header(payload);
                case Frame.BODY -> incoming.body(payload, allocator);
                default -> throw new AmqpException(ReplyCode.UNEXPECTED_FRAME,
                        "a heartbeat on channel " + number);
            }
        } catch (io.taffrail.amqp.codec.UnknownMethodException e) {
            throw e;
        } catch (RuntimeException e) {
            link.fail(e, Optional.ofNullable(current));
        } catch (Error e) {
            link.broken(e);
        }
    }

    private void method(ByteBuf payload) {
        if (incoming.expecting() != null) {
            throw incoming.interrupted();
        }
        Method method = Method.read(payload);
        current = method;
        switch (method) {
            case BasicMethod m -> basic(m);
            case ExchangeMethod m -> declarations.handle(m);
            case QueueMethod m -> declarations.handle(m);
            case ChannelMethod m -> channel(m);
            case ConfirmMethod m -> confirm(m);
            case TxMethod m -> tx(m);
            case AccessMethod.Request _ -> link.send(new AccessMethod.RequestOk(1));
            case AccessMethod.RequestOk _,ConnectionMethod _ -> throw Errors.unimplemented();
        }
    }

    private void basic(BasicMethod method) {
        switch (method) {
            case BasicMethod.Publish m -> {
                Publishing.check(m);
                incoming.begin(m);
            }
            case BasicMethod.Ack m -> settling.ack(m);
            case BasicMethod.Nack m -> settling.nack(m);
            case BasicMethod.Reject m -> settling.reject(m);
            case BasicMethod.Get m -> consuming.get(m);
            case BasicMethod.Consume m -> consuming.consume(m);
            case BasicMethod.Cancel m -> consuming.cancel(m);
            case BasicMethod.Qos m -> consuming.qos(m);
            case BasicMethod.Recover m -> {
                settling.recover(m.requeue());
                link.send(new BasicMethod.RecoverOk());
            }
            case BasicMethod.RecoverAsync m -> settling.recover(m.requeue());
            case BasicMethod.CancelOk _ -> {
                // Some clients confirm the broker's basic.cancel, which needs no confirmation.
            }
            case BasicMethod.QosOk _,BasicMethod.ConsumeOk _,BasicMethod.Return _,BasicMethod.Deliver _,BasicMethod.GetOk _,BasicMethod.GetEmpty _,BasicMethod.RecoverOk _ ->
                throw Errors.unimplemented();
        }
    }

    private void channel(ChannelMethod method) {
        switch (method) {
            case ChannelMethod.Open _ -> throw new AmqpException(ReplyCode.CHANNEL_ERROR,
                    "second 'channel.open' seen");
            case ChannelMethod.Close _ -> {
                connection.output().method(number, new ChannelMethod.CloseOk());
                release();
                closed();
            }
            case ChannelMethod.Flow(boolean active) -> {
                if (!active) {
                    throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "active=false");
                }
                link.send(new ChannelMethod.FlowOk(true));
            }
            case ChannelMethod.FlowOk _ -> {
                // The broker never sends channel.flow, but some clients send flow-ok unasked.
            }
            case ChannelMethod.OpenOk _,ChannelMethod.CloseOk _ -> throw Errors.unimplemented();
        }
    }

    private void confirm(ConfirmMethod method) {
        switch (method) {
            case ConfirmMethod.Select(boolean noWait) -> {
                if (transaction.isOpen()) {
                    throw new AmqpException(ReplyCode.PRECONDITION_FAILED,
                            "cannot switch from tx to confirm mode");
                }
                confirms.select();
                if (!noWait) {
                    link.send(new ConfirmMethod.SelectOk());
                }
            }
            case ConfirmMethod.SelectOk _ -> throw Errors.unimplemented();
        }
    }

    private void tx(TxMethod method) {
        switch (method) {
            case TxMethod.Select _ -> {
                if (confirms.isSelected()) {
                    throw new AmqpException(ReplyCode.PRECONDITION_FAILED,
                            "cannot switch from confirm to tx mode");
                }
                transaction.select();
                link.send(new TxMethod.SelectOk());
            }
            case TxMethod.Commit m -> {
                transactional();
                transaction.commit(m, publishing);
            }
            case TxMethod.Rollback _ -> {
                transactional();
                settling.restore(transaction.rollback());
                link.send(new TxMethod.RollbackOk());
            }
            case TxMethod.SelectOk _,TxMethod.CommitOk _,TxMethod.RollbackOk _ ->
                throw Errors.unimplemented();
        }
    }

    /**
     * Applies changed permissions. If the user may no longer read from a queue the channel consumes
     * from, the channel is closed with the error that a new {@code basic.consume} would cause.
     */
    public void permissionsChanged() {
        try {
            consuming.checkRights();
        } catch (BrokerException e) {
            link.fail(Errors.of(e));
            connection.output().flush();
        }
    }

    /** The channel as an operator sees it. */
    public ChannelReport report() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("confirm", confirms.isSelected());
        facts.put("transactional", transaction.isOpen());
        facts.put("messages_unacknowledged", settling.unsettled());
        facts.put("messages_unconfirmed", confirms.unconfirmed());
        facts.put("messages_uncommitted", transaction.messages());
        facts.put("acks_uncommitted", transaction.settlements());
        facts.put("state", state == State.OPEN ? "running" : "closing");
        List<ConsumerReport> consumers = consuming.report(facts);
        return new ChannelReport(number, facts, link.counts().copy(), consumers);
    }

    private void transactional() {
        if (!transaction.isOpen()) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED,
                    "channel is not transactional");
        }
    }

    /** Sends {@code channel.close} and releases everything; CLOSING until the client confirms. */
    private void close(AmqpException error, int classId, int methodId) {
        connection.output().method(number, new ChannelMethod.Close(error.code().number(),
                error.replyText(), classId, methodId));
        release();
        state = State.CLOSING;
    }

    private void closing(int type, ByteBuf payload) {
        if (type != Frame.METHOD) {
            return;
        }
        switch (Method.read(payload)) {
            case ChannelMethod.CloseOk _ -> closed();
            case ChannelMethod.Close _ -> {
                connection.output().method(number, new ChannelMethod.CloseOk());
                closed();
            }
            default -> {
                // The client sent this before it received the close.
            }
        }
    }

    private void closed() {
        state = State.CLOSED;
        connection.closed(number);
    }

    /**
     * Releases consumers, unsettled deliveries (they are requeued) and the publisher. Does nothing
     * if the channel is already closing or closed.
     */
    public void release() {
        if (!link.isOpen()) {
            return;
        }
        link.close();
        let(incoming::close);
        let(consuming::close);
        let(() -> settling.restore(transaction.rollback()));
        let(settling::close);
        let(publishing::close);
    }

    /** Runs one step of the release; a failure is logged and does not prevent the other steps. */
    private static void let(Runnable go) {
        Guard.run("AMQ-008", "a part of a channel that ends", go);
    }
}
