package io.taffrail.kafka.groups;

import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicListener;
import io.taffrail.kafka.api.TopicIds;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.image.TopicImage;

/**
 * Source of the metadata images, made from the topic catalog, that Kafka's coordinator needs. Every
 * image is an event for every shard, so changes are collected by topic and published together. At
 * most one change waits for each topic.
 */
final class MetadataFeed implements TopicListener {

    /**
     * Listener for published changes. It is called on the publishing thread, in order of
     * publication.
     */
    interface Subscriber {
        void published(MetadataDelta delta, MetadataImage image);

        /** Called when the offsets topic exists or its partitions have changed. */
        void offsetsTopicChanged(Topic topic);

        void offsetsTopicDeleted();
    }

    private record Change(Topic topic, boolean deleted) {}

    private final int nodeId;
    private final InstantSource clock;
    private final GroupThreads threads;
    private final Subscriber subscriber;
    private final Object lock = new Object();
    private Map<UUID, Change> waiting = new LinkedHashMap<>();
    private boolean publishing;
    private boolean automatic;

    private MetadataImage image = MetadataImage.EMPTY;

    MetadataFeed(int nodeId, InstantSource clock, GroupThreads threads,
            Subscriber subscriber) {
        this.nodeId = nodeId;
        this.clock = clock;
        this.threads = threads;
        this.subscriber = subscriber;
    }

    @Override
    public void changed(Topic topic) {
        add(topic, false);
    }

    @Override
    public void deleted(Topic topic) {
        add(topic, true);
    }

    private void add(Topic topic, boolean deleted) {
        synchronized (lock) {
            waiting.put(topic.id(), new Change(topic, deleted));
            if (!automatic || publishing) {
                return;
            }
            publishing = true;
        }
        threads.publish(this::publishAll);
    }

    /**
     * Publishes all changes so far on the calling thread. Later changes are published
     * automatically.
     */
    void start() {
        synchronized (lock) {
            automatic = true;
            publishing = true;
        }
        publishAll();
    }

    private void publishAll() {
        while (true) {
            List<Change> changes;
            synchronized (lock) {
                if (waiting.isEmpty()) {
                    publishing = false;
                    return;
                }
                changes = new ArrayList<>(waiting.values());
                waiting = new LinkedHashMap<>();
            }
            publish(changes);
        }
    }

    private void publish(List<Change> changes) {
        MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
        if (image.isEmpty()) {
            delta.replay(new RegisterBrokerRecord().setBrokerId(nodeId).setFenced(false));
        }
        changes.forEach(change -> replay(delta, change));
        image = delta.apply(
                new MetadataProvenance(image.offset() + 1, 0, clock.millis(), true));
        subscriber.published(delta, image);
        for (Change change : changes) {
            if (!change.topic().name().equals(OffsetsTopic.NAME)) {
                continue;
            }
            if (change.deleted()) {
                subscriber.offsetsTopicDeleted();
            } else {
                subscriber.offsetsTopicChanged(change.topic());
            }
        }
    }

    private void replay(MetadataDelta delta, Change change) {
        Topic topic = change.topic();
        Uuid id = TopicIds.toKafka(topic.id());
        TopicImage known = image.topics().getTopic(id);
        if (change.deleted()) {
            if (known != null) {
                delta.replay(new RemoveTopicRecord().setTopicId(id));
            }
            return;
        }
        if (known == null) {
            delta.replay(new TopicRecord().setName(topic.name()).setTopicId(id));
        }
        int first = known == null ? 0 : known.partitions().size();
        List<Integer> self = List.of(nodeId);
        for (int i = first; i < topic.partitions().size(); i++) {
            delta.replay(new PartitionRecord().setTopicId(id).setPartitionId(i).setReplicas(self)
                    .setIsr(self).setLeader(nodeId));
        }
    }
}
