package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.output.FrameOutput;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.log.guard.Guard;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Direct reply-to (RabbitMQ): the requester's channel consumes from a pseudo-queue, its requests
 * carry a generated reply key, and a reply goes from channel to channel without being stored.
 * One instance for the AMQP head. Safe for any thread, except {@link Target#deliver}: on the loop
 * of its virtual host only.
 */
public final class DirectReplies {

    /** Name of the pseudo-queue, and prefix of every reply key. */
    static final String NAME = "amq.rabbitmq.reply-to";
    private static final String PREFIX = NAME + ".";
    private static final Logger LOG = LoggerFactory.getLogger(DirectReplies.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 24;

    private final Map<String, Target> targets = new ConcurrentHashMap<>();

    /** True if the queue name is the pseudo-queue or a reply key. */
    static boolean isReply(String queue) {
        return queue.equals(NAME) || queue.startsWith(PREFIX);
    }

    Target open(ChannelLink link, Settling tags, String consumerTag) {
        byte[] random = new byte[KEY_BYTES];
        RANDOM.nextBytes(random);
        String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Target target = new Target(link, tags, consumerTag, key);
        targets.put(key, target);
        return target;
    }

    void close(Target target) {
        targets.remove(target.key(), target);
    }

    /**
     * The channel that a reply goes to; empty if it is closed or belongs to another virtual host.
     */
    Optional<Target> find(String key, VirtualHost host) {
        return Optional.ofNullable(targets.get(key))
                .filter(target -> target.link().connection().host().name()
                        .equals(host.name()));
    }

    /**
     * A channel that consumes direct replies. If its client does not read fast enough, further
     * replies are dropped: they are not stored, and the replier is not slowed down.
     */
    static final class Target {

        /** Replies are dropped while more bytes than this wait for the client. */
        private static final long MOST_WAITING_BYTES = 8 << 20;

        private final ChannelLink link;
        private final Settling tags;
        private final String consumerTag;
        private final String key;
        private boolean told;

        private Target(ChannelLink link, Settling tags, String consumerTag, String key) {
            this.link = link;
            this.tags = tags;
            this.consumerTag = consumerTag;
            this.key = key;
        }

        ChannelLink link() {
            return link;
        }

        String consumerTag() {
            return consumerTag;
        }

        String key() {
            return key;
        }

        /**
         * Delivers a reply, if the client reads fast enough. An exception ends the requester's
         * connection and does not reach the replier.
         *
         * @return false if the reply was dropped or delivering it failed
         */
        boolean deliver(Message message) {
            FrameOutput output = link.connection().output();
            if (output.pendingBytes() > MOST_WAITING_BYTES) {
                if (!told) {
                    told = true;
                    LOG.warn("AMQ-006 direct replies to {} are dropped: {} bytes wait for it"
                            + " already", link.connection().session(), output.pendingBytes());
                }
                return false;
            }
            return Guard.run(() -> output.content(link.number(),
                    new BasicMethod.Deliver(consumerTag, tags.nextTag(), false,
                            message.exchange(), message.routingKey()),
                    message.properties().section(), message.body()),
                    cause -> link.connection().failed(cause));
        }
    }
}
