package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.memory.HeldMemory;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.PublishOutcome;
import io.taffrail.broker.vhost.Publisher;
import java.nio.ByteBuffer;

/**
 * Publishes the messages of a channel, and returns unroutable mandatory messages.
 * On the connection's loop only.
 */
final class Publishing implements Incoming.Sink {

    private final ChannelLink link;
    private final Confirms confirms;
    private final Transaction transaction;
    private final Replying replying;
    private final Publisher publisher;

    Publishing(ChannelLink link, Confirms confirms, Transaction transaction, Replying replying) {
        this.link = link;
        this.confirms = confirms;
        this.transaction = transaction;
        this.replying = replying;
        this.publisher = link.connection().host().publisher(confirms);
        link.counts().publisher(publisher);
    }

    /**
     * Checks a {@code basic.publish} before its content arrives; {@code immediate}
     * is refused with 540.
     */
    static void check(BasicMethod.Publish publish) {
        if (publish.immediate()) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "immediate=true");
        }
    }

    @Override
    public void message(BasicMethod.Publish publish, ByteBuffer section, ByteBuffer body) {
        link.connection().access().exchange(Permission.WRITE, publish.exchange());
        Properties properties = Properties.of(section);
        if (properties.has(Property.USER_ID)) {
            checkUser(properties);
        }
        Message message = new Message(publish.exchange(), publish.routingKey(),
                replying.withKey(properties), body);
        link.connection().published();
        link.counts().count(MessageEvent.PUBLISHED);
        if (transaction.isOpen()) {
            if (!publish.exchange().isEmpty()) {
                var _ = link.answer(publish,
                        link.connection().host().checkExchange(publish.exchange()), true,
                        done -> publish);
            }
            transaction.publish(message, publish.mandatory());
        } else {
            if (publish(message, publish.mandatory()) == PublishOutcome.UNDER_WAY) {
                await(publish);
            }
        }
    }

    /** Whether the message is for a direct reply consumer that is there now. */
    boolean isReply(Message message) {
        return replying.targetOf(message).isPresent();
    }

    /**
     * Delivers a message as a direct reply; one whose consumer is gone meanwhile has no route.
     * Refuses no message, because it may be part of an atomic step.
     */
    void reply(Message message, boolean mandatory) {
        boolean delivered = replying.targetOf(message).filter(it -> it.deliver(message))
                .isPresent();
        if (!delivered) {
            unrouted(message, mandatory);
        }
    }

    /** Publishes a message immediately, or delivers it as a direct reply. */
    private PublishOutcome publish(Message message, boolean mandatory) {
        if (isReply(message)) {
            reply(message, mandatory);
            confirms.nextDone();
            return PublishOutcome.ROUTED;
        }
        PublishOutcome outcome = publisher.publish(confirms.nextStored(), message);
        if (outcome == PublishOutcome.UNROUTED) {
            unrouted(message, mandatory);
        }
        return outcome;
    }

    /** Waits for a publish that takes several tasks; later frames are processed after it. */
    private void await(BasicMethod.Publish method) {
        Publisher.UnderWay publish = publisher.underWay();
        Message message = publish.message();
        HeldMemory memory = link.connection().memory();
        long bytes = (long) message.body().remaining()
                + message.properties().section().remaining();
        memory.add(bytes);
        link.answerFirst(method, publish.outcome().whenComplete((outcome, _) -> {
            memory.remove(bytes);
            if (outcome == PublishOutcome.UNROUTED) {
                link.guarded(() -> unrouted(message, method.mandatory()));
            }
        }), true, _ -> method);
    }

    /** Returns a message without a queue to its publisher if it is mandatory, or drops it. */
    void unrouted(Message message, boolean mandatory) {
        link.counts().countForAll(mandatory ? MessageEvent.RETURNED : MessageEvent.DROPPED, 1);
        if (mandatory) {
            giveBack(message);
        }
    }

    /** Returns an unroutable mandatory message to the client with 312 NO_ROUTE. */
    private void giveBack(Message message) {
        if (link.isOpen()) {
            link.connection().output().content(link.number(),
                    new BasicMethod.Return(ReplyCode.NO_ROUTE.number(), ReplyCode.NO_ROUTE.name(),
                            message.exchange(), message.routingKey()),
                    message.properties().section(), message.body());
        }
    }

    private void checkUser(Properties properties) {
        String claimed = properties.text(Property.USER_ID).orElse("");
        String user = link.connection().user();
        if (!claimed.equals(user)) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "user_id property set to '"
                    + claimed + "' but authenticated user was '" + user + "'");
        }
    }

    void close() {
        publisher.close();
    }
}
