package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.topic.HostedTopic;
import io.taffrail.broker.topic.TopicHosting;
import io.taffrail.broker.topic.TopicNames;
import io.taffrail.log.spi.Owner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Shows a virtual host's queues as topics of one partition: those that outlive a restart, since a
 * topic does not come and go with a connection. Owner thread only.
 */
final class QueueTopics {

    private static final int ID_BYTES = 16;

    private final String host;
    private final @Nullable TopicHosting hosting;
    private final Owner owner;
    private final Refusals refusals;

    /**
     * @param hosting
     *            where topics are, or null if queues are to be seen as queues alone
     */
    QueueTopics(String host, @Nullable TopicHosting hosting, Owner owner, Refusals refusals) {
        this.host = host;
        this.hosting = hosting;
        this.owner = owner;
        this.refusals = refusals;
    }

    /**
     * Takes the name a queue has as a topic.
     *
     * @throws io.taffrail.broker.BrokerException
     *             if a topic has it
     */
    void reserve(String queue) {
        if (hosting != null && !hosting.reserve(name(queue))) {
            throw Refusals.precondition(refusals.queue(queue) + " cannot be declared: there is a"
                    + " topic of this name");
        }
    }

    /** Gives the name back that a queue would have had; if it came to be, it is shown. */
    void release(String queue) {
        if (hosting != null) {
            hosting.release(name(queue));
        }
    }

    /**
     * Shows a queue.
     *
     * @param id
     *            the queue's own
     */
    void show(AnyQueue queue, String id) {
        TopicHosting to = hosting;
        if (to != null && Topology.isKept(queue)) {
            boolean stampsTime = queue.settings().type() != QueueType.STREAM;
            queue.asLog().ifPresent(log -> to.show(new HostedTopic(name(queue.name()), uuid(id),
                    log, owner, stampsTime)));
        }
    }

    /** A queue is gone. */
    void hide(AnyQueue queue) {
        if (hosting != null && Topology.isKept(queue)) {
            hosting.hide(name(queue.name()));
        }
    }

    private String name(String queue) {
        return QueueTopicNames.of(host, queue);
    }

    /** Ids of queues are random UUIDs in base64url. */
    private static UUID uuid(String id) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(id);
            if (bytes.length == ID_BYTES) {
                ByteBuffer halves = ByteBuffer.wrap(bytes);
                return new UUID(halves.getLong(), halves.getLong());
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the id of a queue is not of the form of " + TopicNames.class, e);
        }
        return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
    }
}
