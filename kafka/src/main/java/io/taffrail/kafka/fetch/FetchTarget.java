package io.taffrail.kafka.fetch;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.TopicIds;
import java.util.Comparator;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * One partition of a fetch and the offset to read from.
 *
 * @param topic
 *            name of the topic; empty if the client named it by id
 * @param id
 *            id of the topic; zero if the client named it by name
 * @param currentLeaderEpoch
 *            the leader epoch that the client knows, or -1
 * @param lastFetchedEpoch
 *            epoch of the record before the offset, or -1
 */
record FetchTarget(String topic, Uuid id, int partition, long offset, int maxBytes,
        int currentLeaderEpoch, int lastFetchedEpoch) {

    /**
     * Identity of the partition. Comparable, so that hash maps stay fast if clients choose
     * partitions with equal hashes.
     */
    record Key(String topic, Uuid id, int partition) implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::topic)
                .thenComparing(Key::id).thenComparingInt(Key::partition);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    static FetchTarget of(String topic, Uuid id, FetchPartition wanted) {
        return new FetchTarget(topic, id, wanted.partition(), wanted.fetchOffset(),
                wanted.partitionMaxBytes(), wanted.currentLeaderEpoch(),
                wanted.lastFetchedEpoch());
    }

    Key key() {
        return new Key(topic, id, partition);
    }

    boolean byId() {
        return !id.equals(Uuid.ZERO_UUID);
    }

    Optional<Topic> findTopic(Topics topics) {
        return byId() ? topics.find(TopicIds.fromKafka(id)) : topics.find(topic);
    }

    Optional<Partition> find(Topics topics) {
        return findTopic(topics).flatMap(found -> found.partition(partition));
    }

    /** The error to report when {@link #find} found nothing. */
    Errors notFound(Topics topics) {
        return byId() && findTopic(topics).isEmpty()
                ? Errors.UNKNOWN_TOPIC_ID
                : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
}
