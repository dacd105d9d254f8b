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
 * Direct reply-to: a channel consumes from a queue that is none, what it publishes carries a key
 * of its own to answer to, and an answer goes from channel to channel without being stored. One
 * for a head; safe for any thread, but {@link Target#deliver} is for the loop of its virtual host.
 */
public final class DirectReplies {

    /** The queue's name, and the beginning of every key to answer to. */
    static final String NAME = "amq.rabbitmq.reply-to";
    private static final String PREFIX = NAME + ".";
    private static final Logger LOG = LoggerFactory.getLogger(DirectReplies.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 24;

    private final Map<String, Target> targets = new ConcurrentHashMap<>();

    /** Whether a queue's name is the one to consume from, or one to answer to. */
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

    /** Where an answer goes; empty if that channel is gone, or is of another virtual host. */
    Optional<Target> find(String key, VirtualHost host) {
        return Optional.ofNullable(targets.get(key))
                .filter(target -> target.link().connection().host().name()
                        .equals(host.name()));
    }

    /**
     * A channel that waits for answers. One whose client does not take what it is sent gets no more
     * of them: an answer is not stored, and whoever sends it is not made to wait.
     */
    static final class Target {

        /** Bytes that may wait for the client when a further answer comes. */
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
         * Delivers an answer, if the client takes its answers. What goes wrong on the way to the
         * requester is the requester's alone.
         *
         * @return false if it was dropped
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
