package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.vhost.VirtualHost;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The direct reply consumer of one channel, at most one. On the connection's loop only. */
final class Replying {

    private final ChannelLink link;
    private final Settling tags;
    private final DirectReplies replies;
    private final VirtualHost host;
    private DirectReplies.@Nullable Target target;

    Replying(ChannelLink link, Settling tags) {
        this.link = link;
        this.tags = tags;
        this.replies = link.connection().replies();
        this.host = link.connection().host();
    }

    void consume(BasicMethod.Consume consume, String tag) {
        if (target != null) {
            throw refused("reply consumer already set");
        }
        if (!consume.noAck()) {
            throw refused("reply consumer cannot acknowledge");
        }
        target = replies.open(link, tags, tag);
        if (!consume.noWait()) {
            link.send(new BasicMethod.ConsumeOk(tag));
        }
    }

    /** Ends the direct reply consumer if it has this tag. */
    void cancel(String tag) {
        if (target != null && target.consumerTag().equals(tag)) {
            close();
        }
    }

    boolean has(String tag) {
        return target != null && target.consumerTag().equals(tag);
    }

    /** Handles a declare of a reply queue: 404 if no channel consumes its replies. */
    void declare(QueueMethod.Declare declare) {
        if (!declare.queue().equals(DirectReplies.NAME)
                && replies.find(declare.queue(), host).isEmpty()) {
            throw new AmqpException(ReplyCode.NOT_FOUND, "no queue '" + declare.queue()
                    + "' in vhost '" + host.name() + "'");
        }
        if (!declare.noWait()) {
            link.send(new QueueMethod.DeclareOk(declare.queue(), 0, 1));
        }
    }

    /** Replaces a {@code reply-to} that names the pseudo-queue by this channel's reply key. */
    Properties withKey(Properties properties) {
        if (!properties.has(Property.REPLY_TO)
                || !properties.text(Property.REPLY_TO).orElse("").equals(DirectReplies.NAME)) {
            return properties;
        }
        DirectReplies.Target waiting = target;
        if (waiting == null) {
            throw refused("fast reply consumer does not exist");
        }
        return properties.withText(Property.REPLY_TO, waiting.key());
    }

    /** The channel to deliver to if the message is a direct reply. */
    Optional<DirectReplies.Target> targetOf(Message message) {
        return message.exchange().isEmpty() && DirectReplies.isReply(message.routingKey())
                ? replies.find(message.routingKey(), host)
                : Optional.empty();
    }

    void close() {
        if (target != null) {
            replies.close(target);
            target = null;
        }
    }

    private static AmqpException refused(String why) {
        return new AmqpException(ReplyCode.PRECONDITION_FAILED, why);
    }
}
