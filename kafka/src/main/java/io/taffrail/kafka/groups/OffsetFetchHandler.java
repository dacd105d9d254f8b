package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/**
 * OffsetFetch: reads the committed offsets of one group, or of several since version 8. A request
 * names partitions, or has null topics to read all offsets of a group. Version 10 names topics by
 * id.
 */
record OffsetFetchHandler(CoordinatorHost host, TopicNameLookup names)
        implements
            Handler<OffsetFetchRequestData> {

    /** True for a request that reads all offsets of a group. */
    @Override
    public boolean takesLong(Request<OffsetFetchRequestData> request) {
        OffsetFetchRequestData body = request.body();
        return request.version() >= OffsetFetchRequest.BATCH_MIN_VERSION
                ? body.groups().stream().anyMatch(group -> group.topics() == null)
                : body.topics() == null;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public CompletionStage<OffsetFetchResponseData> handle(
            Request<OffsetFetchRequestData> request) {
        List<CompletableFuture<OffsetFetchResponseGroup>> answers = new ArrayList<>();
        for (OffsetFetchRequestGroup group : groups(request)) {
            answers.add(fetch(request, group));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(_ -> new OffsetFetchResponse.Builder(
                        answers.stream().map(CompletableFuture::join).toList())
                        .build(request.version()).data());
    }

    private static List<OffsetFetchRequestGroup> groups(Request<OffsetFetchRequestData> request) {
        OffsetFetchRequestData body = request.body();
        if (request.version() >= OffsetFetchRequest.BATCH_MIN_VERSION) {
            return once(body.groups());
        }
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(body.groupId());
        if (body.topics() == null) {
            return List.of(group.setTopics(null));
        }
        return List.of(group.setTopics(body.topics().stream()
                .map(topic -> new OffsetFetchRequestTopics().setName(topic.name())
                        .setPartitionIndexes(topic.partitionIndexes()))
                .toList()));
    }

    /**
     * Removes repeated requests for all offsets of one group. Other entries bound the size of their
     * answer by their own size.
     */
    private static List<OffsetFetchRequestGroup> once(List<OffsetFetchRequestGroup> groups) {
        Set<String> all = new HashSet<>();
        return groups.stream()
                .filter(group -> group.topics() != null || all.add(group.groupId())).toList();
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(
            Request<OffsetFetchRequestData> request, OffsetFetchRequestGroup group) {
        boolean byId = OffsetFetchRequest.useTopicIds(request.version());
        List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
        OffsetFetchRequestGroup wanted = group;
        if (byId && group.topics() != null) {
            wanted = group.duplicate().setTopics(known(group.topics(), unknown));
        }
        OffsetFetchRequestGroup asked = wanted;
        return host
                .ask(coordinator -> coordinator.fetchOffsets(request.context(), asked,
                        request.body().requireStable()),
                        error -> OffsetFetchResponse.groupError(asked, error, request.version()))
                .thenApply(answer -> complete(answer, byId, unknown)).toCompletableFuture();
    }

    /** Topics whose id exists, with their names. The others are added to {@code unknown}. */
    private List<OffsetFetchRequestTopics> known(List<OffsetFetchRequestTopics> topics,
            List<OffsetFetchResponseTopics> unknown) {
        List<OffsetFetchRequestTopics> known = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : topics) {
            names.name(topic.topicId()).ifPresentOrElse(
                    name -> known.add(topic.duplicate().setName(name)),
                    () -> unknown.add(refusal(topic)));
        }
        return known;
    }

    private static OffsetFetchResponseTopics refusal(OffsetFetchRequestTopics topic) {
        return new OffsetFetchResponseTopics().setTopicId(topic.topicId())
                .setPartitions(topic.partitionIndexes().stream()
                        .map(index -> new OffsetFetchResponsePartitions().setPartitionIndex(index)
                                .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                                .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                                .setMetadata(OffsetFetchResponse.NO_METADATA)
                                .setCommittedLeaderEpoch(RecordBatch.NO_PARTITION_LEADER_EPOCH))
                        .toList());
    }

    /**
     * Adds topic ids to a response. A topic that was deleted meanwhile has no id and is left out.
     */
    private OffsetFetchResponseGroup complete(OffsetFetchResponseGroup answer, boolean byId,
            List<OffsetFetchResponseTopics> unknown) {
        if (!byId || answer.errorCode() != 0) {
            return answer;
        }
        List<OffsetFetchResponseTopics> topics = new ArrayList<>();
        for (OffsetFetchResponseTopics topic : answer.topics()) {
            Uuid id = names.id(topic.name()).orElse(Uuid.ZERO_UUID);
            if (!id.equals(Uuid.ZERO_UUID)) {
                topics.add(topic.setTopicId(id));
            }
        }
        topics.addAll(unknown);
        return answer.setTopics(topics);
    }
}
