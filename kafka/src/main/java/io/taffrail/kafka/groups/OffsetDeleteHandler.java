package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** OffsetDelete: deletes offsets of topics to which no member of the group is subscribed. */
record OffsetDeleteHandler(CoordinatorHost host, TopicNameLookup names)
        implements
            Handler<OffsetDeleteRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_DELETE;
    }

    @Override
    public CompletionStage<OffsetDeleteResponseData> handle(
            Request<OffsetDeleteRequestData> request) {
        OffsetDeleteResponse.Builder response = new OffsetDeleteResponse.Builder();
        OffsetDeleteRequestTopicCollection known = new OffsetDeleteRequestTopicCollection();
        for (OffsetDeleteRequestTopic topic : request.body().topics()) {
            Map<Boolean, List<OffsetDeleteRequestPartition>> byExistence = topic.partitions()
                    .stream().collect(Collectors.partitioningBy(partition -> names
                            .exists(topic.name(), partition.partitionIndex())));
            List<OffsetDeleteRequestPartition> there = byExistence.getOrDefault(true, List.of());
            List<OffsetDeleteRequestPartition> gone = byExistence.getOrDefault(false, List.of());
            if (!gone.isEmpty()) {
                response.addPartitions(topic.name(), gone,
                        OffsetDeleteRequestPartition::partitionIndex,
                        Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
            if (!there.isEmpty()) {
                known.add(topic.duplicate().setPartitions(there));
            }
        }
        OffsetDeleteRequestData delete = new OffsetDeleteRequestData()
                .setGroupId(request.body().groupId()).setTopics(known);
        return host
                .ask(coordinator -> coordinator.deleteOffsets(request.context(), delete,
                        BufferSupplier.NO_CACHING),
                        error -> new OffsetDeleteResponseData().setErrorCode(error.code()))
                .thenApply(deleted -> response.merge(deleted).build().data());
    }
}
