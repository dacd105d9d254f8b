package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * OffsetCommit: stores a group's offsets. The response is sent when they are durable. Each unknown
 * partition gets an error; the offsets of the others are one atomic write. Version 10 names topics
 * by id.
 */
record OffsetCommitHandler(CoordinatorHost host, TopicNameLookup names)
        implements
            Handler<OffsetCommitRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<OffsetCommitResponseData> handle(
            Request<OffsetCommitRequestData> request) {
        OffsetCommitRequestData body = request.body();
        boolean byId = OffsetCommitResponse.useTopicIds(request.version());
        OffsetCommitResponse.Builder response = OffsetCommitResponse.newBuilder(byId);
        List<OffsetCommitRequestTopic> known = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : body.topics()) {
            known(topic, byId, response).ifPresent(known::add);
        }
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(response.build().data());
        }
        OffsetCommitRequestData commit = new OffsetCommitRequestData().setGroupId(body.groupId())
                .setMemberId(body.memberId())
                .setGenerationIdOrMemberEpoch(body.generationIdOrMemberEpoch())
                .setRetentionTimeMs(body.retentionTimeMs())
                .setGroupInstanceId(body.groupInstanceId()).setTopics(known);
        return host
                .askForRoom(commit.groupId(), OffsetBytes.of(commit),
                        shard -> OffsetBytes.held(shard, commit),
                        coordinator -> coordinator.commitOffsets(request.context(), commit,
                                BufferSupplier.NO_CACHING),
                        error -> OffsetCommitRequest.getErrorResponse(commit, error))
                .thenApply(stored -> response.merge(stored).build().data());
    }

    /**
     * The existing partitions of a topic, under its name. The others are added to the response as
     * errors.
     */
    private Optional<OffsetCommitRequestTopic> known(OffsetCommitRequestTopic topic,
            boolean byId, OffsetCommitResponse.Builder response) {
        Uuid id = topic.topicId();
        String name = byId ? names.name(id).orElse("") : topic.name();
        List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            int index = partition.partitionIndex();
            if (byId && name.isEmpty()) {
                response.addPartition(id, name, index, Errors.UNKNOWN_TOPIC_ID);
            } else if (!names.exists(name, index)) {
                response.addPartition(id, name, index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            } else {
                partitions.add(partition);
            }
        }
        return partitions.isEmpty()
                ? Optional.empty()
                : Optional.of(new OffsetCommitRequestTopic().setTopicId(id).setName(name)
                        .setPartitions(partitions));
    }
}
