package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Topic;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.TopicsDelta;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetadataFeedTest implements MetadataFeed.Subscriber {

    private final SetClock clock = new SetClock();
    private final LoopOwner owner = new LoopOwner();
    private final Broker broker = Broker.open(new MemoryLogEngine(clock), BrokerConfig.defaults(),
            List.of(owner), clock);
    private final MetadataFeed feed = new MetadataFeed(1, clock, new OwnGroupThreads(), this);
    private final BlockingQueue<MetadataImage> images = new LinkedBlockingQueue<>();
    private final List<TopicsDelta> deltas = new ArrayList<>();

    @Override
    public void published(MetadataDelta delta, MetadataImage image) {
        deltas.add(Objects.requireNonNull(delta.topicsDelta()));
        images.add(image);
    }

    @Override
    public void offsetsTopicChanged(Topic topic) {}

    @Override
    public void offsetsTopicDeleted() {}

    @AfterEach
    void close() {
        broker.close();
        owner.close();
    }

    private void create(String name, int partitions) {
        broker.topics().create(NewTopic.of(name, partitions, Map.of())).join();
    }

    @Test
    void whatIsThereAtTheStartIsOneImage() throws Exception {
        create("a", 1);
        create("b", 3);

        broker.topics().watch(feed);
        feed.start();

        MetadataImage image = images.take();
        assertThat(image.topics().topicsByName().keySet()).containsExactlyInAnyOrder("a", "b");
        assertThat(image.topics().getTopic("b").partitions()).hasSize(3);
        assertThat(image.cluster().broker(1)).isNotNull();
        assertThat(images).isEmpty();
    }

    @Test
    void laterChangesFollowInOrder() throws Exception {
        create("a", 1);
        broker.topics().watch(feed);
        feed.start();
        long first = images.take().offset();

        broker.topics().addPartitions("a", 4).join();
        MetadataImage grown = images.take();
        assertThat(grown.topics().getTopic("a").partitions()).hasSize(4);
        assertThat(grown.offset()).isGreaterThan(first);

        broker.topics().delete("a").join();
        assertThat(images.take().topics().topicsByName()).isEmpty();
        assertThat(deltas.getLast().deletedTopicIds()).hasSize(1);
    }

    @Test
    void topicThatCameAndWentIsNotMentioned() throws Exception {
        broker.topics().watch(feed);
        create("a", 1);
        broker.topics().delete("a").join();
        create("a", 2);

        feed.start();

        assertThat(images.take().topics().getTopic("a").partitions()).hasSize(2);
        assertThat(deltas.getFirst().deletedTopicIds()).isEmpty();
    }
}
