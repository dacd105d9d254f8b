package io.taffrail.kafka.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** Administration of consumer groups: list, describe, reset and delete. Safe for any thread. */
public final class GroupAdmin {

    /** One line of the list of groups. */
    public record Summary(String id, String type, String state) {}

    /** A member of a group and its assigned partitions. */
    public record Member(String id, String client, String host, List<PartitionRef> partitions) {}

    /**
     * Position of the group in one partition.
     *
     * @param committed
     *            committed offset, the next that the group will read; empty if none
     * @param end
     *            offset of the next record that is written
     */
    public record Progress(PartitionRef partition, OptionalLong committed, long end) {

        /** Number of records not yet read; empty if no offset is committed. */
        public OptionalLong lag() {
            return committed.isPresent()
                    ? OptionalLong.of(Math.max(0, end - committed.getAsLong()))
                    : OptionalLong.empty();
        }
    }

    /** Full description of a group; partitions are in order, settings in order of name. */
    public record Detail(Summary group, String assignor, List<Member> members,
            List<Progress> progress, List<ResourceSetting> settings) {}

    /** A committed offset that was changed or, in a dry run, would be. */
    public record Change(PartitionRef partition, OptionalLong from, long to) {}

    private final Admin admin;

    GroupAdmin(Admin admin) {
        this.admin = admin;
    }

    /** All groups of every type, by id. */
    public List<Summary> list() {
        return Failures.await("list groups", admin.listGroups().all()).stream()
                .map(GroupAdmin::summary)
                .sorted(Comparator.comparing(Summary::id))
                .toList();
    }

    /** Describes a group of the classic or the consumer protocol; fails if it does not exist. */
    public Detail describe(String group) {
        ConsumerGroupDescription found = find(group);
        List<Member> members = found.members().stream().map(GroupAdmin::member)
                .sorted(Comparator.comparing(Member::id)).toList();
        Map<TopicPartition, Long> committed = committed(group);
        Set<TopicPartition> partitions = new TreeSet<>(Comparator.comparing(PartitionRef::of));
        partitions.addAll(committed.keySet());
        found.members().forEach(member -> partitions.addAll(member.assignment()
                .topicPartitions()));
        Map<TopicPartition, Long> ends = new Offsets(admin).of(partitions, OffsetSpec.latest());
        List<Progress> progress = partitions.stream()
                .map(partition -> new Progress(PartitionRef.of(partition),
                        known(committed, partition), Offsets.at(ends, partition)))
                .toList();
        Summary summary = new Summary(group, found.type().toString().toLowerCase(Locale.ROOT),
                found.groupState().toString());
        return new Detail(summary, found.partitionAssignor(), members, progress,
                ResourceSetting.of(admin, new ConfigResource(ConfigResource.Type.GROUP, group)));
    }

    /** Sets committed offsets to a start point. The group must have no members. */
    public List<Change> reset(String group, Collection<PartitionRef> of, StartPoint to,
            boolean dryRun) {
        List<TopicPartition> partitions = partitions(group, of);
        return apply(group, partitions, new Offsets(admin).resolve(partitions, to), dryRun);
    }

    /**
     * Moves committed offsets by a number of records, back if negative, within the log's bounds.
     */
    public List<Change> shift(String group, Collection<PartitionRef> of, long by, boolean dryRun) {
        List<TopicPartition> partitions = partitions(group, of);
        Map<TopicPartition, Long> committed = committed(group);
        Offsets offsets = new Offsets(admin);
        Map<TopicPartition, Long> starts = offsets.of(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets.of(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> wanted = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long start = Offsets.at(starts, partition);
            long from = committed.getOrDefault(partition, start);
            wanted.put(partition, Math.clamp(from + by, start, Offsets.at(ends, partition)));
        }
        return apply(group, partitions, wanted, dryRun);
    }

    /** Deletes a group and its offsets. The group must have no members. */
    public void delete(String group) {
        Failures.await("delete group " + group, Failures.group(group),
                admin.deleteConsumerGroups(List.of(group)).all());
    }

    /** The partitions of a topic. */
    public List<PartitionRef> partitionsOf(String topic) {
        return Failures
                .await("topic " + topic, Failures.topic(topic), admin.describeTopics(List.of(topic))
                        .allTopicNames())
                .values().stream()
                .flatMap(found -> found.partitions().stream())
                .map(partition -> new PartitionRef(topic, partition.partition()))
                .toList();
    }

    private List<Change> apply(String group, List<TopicPartition> partitions,
            Map<TopicPartition, Long> wanted, boolean dryRun) {
        Map<TopicPartition, Long> before = committed(group);
        List<Change> changes = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long to = Offsets.at(wanted, partition);
            changes.add(new Change(PartitionRef.of(partition), known(before, partition), to));
            offsets.put(partition, new OffsetAndMetadata(to));
        }
        if (!dryRun && !offsets.isEmpty()) {
            Failures.await("reset group " + group,
                    admin.alterConsumerGroupOffsets(group, offsets).all());
        }
        return changes;
    }

    /**
     * The partitions of the request, or all partitions for which the group has a committed offset.
     */
    private List<TopicPartition> partitions(String group, Collection<PartitionRef> of) {
        Collection<PartitionRef> chosen = of.isEmpty()
                ? committed(group).keySet().stream().map(PartitionRef::of).toList()
                : of;
        return chosen.stream().sorted().distinct().map(PartitionRef::kafka).toList();
    }

    private ConsumerGroupDescription find(String group) {
        ConsumerGroupDescription found = Failures.await("group " + group, Failures.group(group),
                admin.describeConsumerGroups(List.of(group)).all()).get(group);
        if (found == null) {
            throw new ClientException(ClientException.Reason.NOT_FOUND,
                    "no " + Failures.group(group));
        }
        return found;
    }

    private Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> committed = new TreeMap<>(
                Comparator.comparing(PartitionRef::of));
        Failures.await("offsets of group " + group,
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed.put(partition, offset.offset());
                    }
                });
        return committed;
    }

    private static OptionalLong known(Map<TopicPartition, Long> offsets, TopicPartition of) {
        Long offset = offsets.get(of);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    private static Summary summary(GroupListing group) {
        return new Summary(group.groupId(),
                group.type().map(Object::toString).orElse("unknown").toLowerCase(Locale.ROOT),
                group.groupState().map(Object::toString).orElse("Unknown"));
    }

    private static Member member(MemberDescription member) {
        return new Member(member.consumerId(), member.clientId(), member.host(),
                member.assignment().topicPartitions().stream().map(PartitionRef::of)
                        .sorted().collect(Collectors.toList()));
    }
}
