package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.Dice;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A client of one group that commits and fetches offsets, as a member of the consumer protocol
 * (KIP-848) or without membership.
 */
final class SimGroupClient {

    private static final int COMMIT = 9;
    private static final int FETCH = 9;
    private static final Set<Errors> LOADING = Set.of(Errors.COORDINATOR_LOAD_IN_PROGRESS,
            Errors.COORDINATOR_NOT_AVAILABLE, Errors.NOT_COORDINATOR);
    private static final Set<Errors> FENCED = Set.of(Errors.UNKNOWN_MEMBER_ID,
            Errors.STALE_MEMBER_EPOCH, Errors.FENCED_MEMBER_EPOCH, Errors.ILLEGAL_GENERATION,
            Errors.GROUP_ID_NOT_FOUND);

    private final HeadHistory history;
    private final HeadMachine machine;
    private final Dice dice;
    private final GroupModel group;
    private final @Nullable String memberId;
    private @Nullable KafkaLink link;
    private int epoch;
    private boolean heartbeats;
    private boolean fetched;
    private List<TopicPartitions> owned = List.of();

    /**
     * @param memberId
     *            {@code null} for a client that is not a member
     */
    SimGroupClient(HeadHistory history, HeadMachine machine, Dice dice, GroupModel group,
            @Nullable String memberId) {
        this.history = history;
        this.machine = machine;
        this.dice = dice;
        this.group = group;
        this.memberId = memberId;
    }

    private KafkaLink connect() {
        KafkaLink open = link;
        if (open == null || !open.isOpen()) {
            open = new KafkaLink(machine);
            link = open;
            heartbeats = false;
        }
        return open;
    }

    /** True if it has fetched the committed offsets. */
    boolean hasFetched() {
        return fetched;
    }

    boolean isAnswered() {
        return link == null || !link.isOpen() || link.isIdle();
    }

    void cut() {
        if (link != null && link.isOpen()) {
            link.cut();
        }
    }

    /** Commits an offset higher than any before. */
    void commit() {
        if (memberId != null && epoch <= 0) {
            heartbeat();
            return;
        }
        PartitionModel partition = dice.pick(history.partitions());
        long offset = history.nextIds(1);
        group.committing(partition, offset);
        long asked = group.now();
        machine.trace().event("commit", group.id() + " " + partition, offset, epoch);
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(group.id())
                .setGenerationIdOrMemberEpoch(memberId == null ? -1 : epoch)
                .setMemberId(memberId == null ? "" : memberId)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(partition.topic())
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition.index())
                                .setCommittedOffset(offset)))));
        connect().send(ApiKeys.OFFSET_COMMIT, COMMIT, request, new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage body) {
                Errors error = Errors.forCode(((OffsetCommitResponseData) body).topics().getFirst()
                        .partitions().getFirst().errorCode());
                if (error == Errors.NONE) {
                    machine.trace().event("committed", group.id() + " " + partition, offset, 0);
                    group.committed(partition, offset, asked);
                } else if (memberId != null && FENCED.contains(error)) {
                    group.refused(partition, offset);
                    epoch = 0;
                } else if (!LOADING.contains(error)) {
                    history.requireCause(machine, "commit", error);
                }
            }

            @Override
            public void lost() {
                // The commit may have happened or may still happen.
            }
        });
    }

    /** Fetches the committed offsets. */
    void fetch() {
        long asked = group.now();
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId(group.id())
                        .setTopics(HeadPlan.TOPICS.stream()
                                .map(name -> new OffsetFetchRequestTopics()
                                        .setName(name).setPartitionIndexes(List.of(0, 1)))
                                .toList())));
        connect().send(ApiKeys.OFFSET_FETCH, FETCH, request, new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage body) {
                fetched(((OffsetFetchResponseData) body).groups().getFirst(), asked);
            }

            @Override
            public void lost() {
                // The outcome is unknown.
            }
        });
    }

    private void fetched(OffsetFetchResponseGroup answer, long asked) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error != Errors.NONE) {
            if (!LOADING.contains(error)) {
                history.requireCause(machine, "fetch of offsets", error);
            }
            return;
        }
        fetched = true;
        answer.topics().forEach(topic -> topic.partitions().forEach(data -> {
            for (PartitionModel partition : history.partitions()) {
                if (partition.topic().equals(topic.name())
                        && partition.index() == data.partitionIndex()) {
                    machine.trace().event("offset", group.id() + " " + partition,
                            data.committedOffset(), 0);
                    group.seen(partition, data.committedOffset(), asked);
                }
            }
        }));
    }

    /** Joins the group or renews the membership. */
    void heartbeat() {
        KafkaLink open = connect();
        if (memberId == null || heartbeats) {
            return;
        }
        heartbeats = true;
        boolean joins = epoch == 0;
        int before = group.generation();
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group.id()).setMemberId(memberId).setMemberEpoch(epoch)
                .setRebalanceTimeoutMs(500).setTopicPartitions(joins ? List.of() : owned)
                .setSubscribedTopicNames(HeadPlan.TOPICS);
        open.send(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, request, new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage body) {
                heartbeats = false;
                heard((ConsumerGroupHeartbeatResponseData) body, joins ? before : -1);
            }

            @Override
            public void lost() {
                heartbeats = false;
            }
        });
    }

    private void heard(ConsumerGroupHeartbeatResponseData answer, int before) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE) {
            machine.trace().event("epoch", group.id() + " " + memberId, answer.memberEpoch(),
                    epoch);
            group.joined(answer.memberEpoch(), before);
            group.generation(answer.memberEpoch());
            epoch = answer.memberEpoch();
            if (answer.assignment() != null) {
                owned = answer.assignment().topicPartitions().stream()
                        .map(it -> new TopicPartitions().setTopicId(it.topicId())
                                .setPartitions(it.partitions()))
                        .toList();
            }
        } else if (FENCED.contains(error)) {
            epoch = 0;
        } else if (!LOADING.contains(error)) {
            history.requireCause(machine, "heartbeat", error);
        }
    }
}
