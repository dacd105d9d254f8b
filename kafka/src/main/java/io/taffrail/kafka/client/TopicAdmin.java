package io.taffrail.kafka.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** Administration of topics: create, list, describe, alter and delete. Safe for any thread. */
public final class TopicAdmin {

    /** One line of the list of topics. */
    public record Summary(String name, String id, int partitions, boolean internal) {}

    /**
     * One partition of a topic.
     *
     * @param start
     *            offset of the first record that is still stored
     * @param end
     *            offset of the next record that is written
     */
    public record Partition(int index, int leader, long start, long end) {}

    /** Full description of a topic; settings are in order of name. */
    public record Detail(Summary topic, List<Partition> partitions,
            List<ResourceSetting> settings) {}

    /**
     * Records that were deleted or, in a dry run, would be.
     *
     * @param from
     *            offset of the first record before
     * @param to
     *            offset of the first record afterwards
     */
    public record Deletion(PartitionRef partition, long from, long to) {}

    private final Admin admin;

    TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /** Creates a topic. If {@code partitions} is empty, the broker's default applies. */
    public void create(String name, OptionalInt partitions, Map<String, String> settings) {
        NewTopic topic = new NewTopic(name,
                partitions.isPresent() ? Optional.of(partitions.getAsInt()) : Optional.empty(),
                Optional.empty()).configs(settings);
        Failures.await("create topic " + name, admin.createTopics(List.of(topic)).all());
    }

    /** All topics, by name. */
    public List<Summary> list(boolean internalToo) {
        Collection<String> names = Failures.await("list topics",
                admin.listTopics(new ListTopicsOptions().listInternal(internalToo)).names());
        return Failures.await("list topics", admin.describeTopics(names).allTopicNames()).values()
                .stream()
                .map(TopicAdmin::summary)
                .sorted(Comparator.comparing(Summary::name))
                .toList();
    }

    /** Describes a topic; fails with {@code NOT_FOUND} if it does not exist. */
    public Detail describe(String name) {
        TopicDescription topic = find(name);
        List<TopicPartition> partitions = topic.partitions().stream()
                .map(partition -> new TopicPartition(name, partition.partition())).toList();
        Offsets offsets = new Offsets(admin);
        Map<TopicPartition, Long> starts = offsets.of(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets.of(partitions, OffsetSpec.latest());
        List<Partition> described = topic.partitions().stream().map(partition -> {
            TopicPartition key = new TopicPartition(name, partition.partition());
            int leader = partition.leader() == null ? -1 : partition.leader().id();
            return new Partition(key.partition(), leader, Offsets.at(starts, key),
                    Offsets.at(ends, key));
        }).toList();
        return new Detail(summary(topic), described, ResourceSetting.of(admin, resource(name)));
    }

    /**
     * Sets the settings in {@code put} and returns those in {@code reset} to the broker's defaults.
     */
    public void alter(String name, Map<String, String> put, Collection<String> reset) {
        find(name);
        List<AlterConfigOp> changes = new ArrayList<>();
        put.forEach((key, value) -> changes
                .add(new AlterConfigOp(new ConfigEntry(key, value), OpType.SET)));
        reset.forEach(key -> changes
                .add(new AlterConfigOp(new ConfigEntry(key, ""), OpType.DELETE)));
        Failures.await("alter topic " + name,
                admin.incrementalAlterConfigs(Map.of(resource(name), changes)).all());
    }

    /** Increases the number of partitions to {@code partitions}. */
    public void grow(String name, int partitions) {
        Failures.await("alter topic " + name, Failures.topic(name),
                admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all());
    }

    /** Deletes a topic and all its records; fails with {@code NOT_FOUND} if it does not exist. */
    public void delete(String name) {
        Failures.await("delete topic " + name, Failures.topic(name),
                admin.deleteTopics(List.of(name)).all());
    }

    /**
     * Deletes the records before a start point in each partition; an offset below the first stored
     * record changes nothing.
     */
    public List<Deletion> deleteRecords(Collection<PartitionRef> of, StartPoint before,
            boolean dryRun) {
        List<TopicPartition> partitions = of.stream().sorted().distinct()
                .map(PartitionRef::kafka).toList();
        Offsets offsets = new Offsets(admin);
        Map<TopicPartition, Long> starts = offsets.of(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> wanted = offsets.resolve(partitions, before);
        if (!dryRun) {
            Map<TopicPartition, RecordsToDelete> request = new HashMap<>();
            wanted.forEach((partition, offset) -> request.put(partition,
                    RecordsToDelete.beforeOffset(offset)));
            Failures.await("delete records", admin.deleteRecords(request).all());
        }
        return partitions.stream().map(partition -> new Deletion(PartitionRef.of(partition),
                Offsets.at(starts, partition), Offsets.at(wanted, partition))).toList();
    }

    private TopicDescription find(String name) {
        Map<String, TopicDescription> found = Failures.await("topic " + name, Failures.topic(name),
                admin.describeTopics(List.of(name)).allTopicNames());
        TopicDescription topic = found.get(name);
        if (topic == null) {
            throw new ClientException(ClientException.Reason.NOT_FOUND,
                    "no " + Failures.topic(name));
        }
        return topic;
    }

    private static Summary summary(TopicDescription topic) {
        return new Summary(topic.name(), topic.topicId().toString(), topic.partitions().size(),
                topic.isInternal());
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
