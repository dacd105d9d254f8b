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
 * Shows durable queues of a virtual host as topics with one partition. Queues that end with a
 * connection or a restart are not shown. Owner thread only.
 */
final class QueueTopics {

    private static final int ID_BYTES = 16;

    private final String host;
    private final @Nullable TopicHosting hosting;
    private final Owner owner;
    private final HostRefusals refusals;

    /**
     * @param hosting
     *            the registry of topics, or null if queues are not shown as topics
     */
    QueueTopics(String host, @Nullable TopicHosting hosting, Owner owner, HostRefusals refusals) {
        this.host = host;
        this.hosting = hosting;
        this.owner = owner;
        this.refusals = refusals;
    }

    /**
     * Reserves the topic name of a queue that is being declared.
     *
     * @throws io.taffrail.broker.BrokerException
     *             if a topic has the name
     */
    void reserve(String queue) {
        if (hosting != null && !hosting.reserve(name(queue))) {
            throw HostRefusals
                    .precondition(refusals.queue(queue) + " cannot be declared: there is a"
                            + " topic of this name");
        }
    }

    /** Releases the reserved name; if the queue was created, it is shown under that name. */
    void release(String queue) {
        if (hosting != null) {
            hosting.release(name(queue));
        }
    }

    /**
     * Shows a queue as a topic.
     *
     * @param id
     *            the queue's id
     */
    void show(AnyQueue queue, String id) {
        TopicHosting to = hosting;
        if (to != null && Topology.isKept(queue)) {
            boolean stampsTime = queue.settings().type() != QueueType.STREAM;
            queue.asLog().ifPresent(log -> to.show(new HostedTopic(name(queue.name()), uuid(id),
                    log, owner, stampsTime)));
        }
    }

    /** Hides a queue that was deleted. */
    void hide(AnyQueue queue) {
        if (hosting != null && Topology.isKept(queue)) {
            hosting.hide(name(queue.name()));
        }
    }

    private String name(String queue) {
        return QueueTopicNames.of(host, queue);
    }

    /** The topic id: a queue's id is a random UUID in base64url. */
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
