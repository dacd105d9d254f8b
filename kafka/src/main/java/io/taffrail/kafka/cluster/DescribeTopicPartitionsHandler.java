package io.taffrail.kafka.cluster;

import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicNames;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.AuthorizedOperations;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.api.TopicIds;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeTopicPartitions: partitions in the order of topic names, one page at a time (KIP-966).
 *
 * @param limit
 *            maximum number of partitions in one response
 */
public record DescribeTopicPartitionsHandler(Topics topics, int nodeId,
        int limit) implements Handler<DescribeTopicPartitionsRequestData> {

    @Override
    public boolean takesLong(Request<DescribeTopicPartitionsRequestData> request) {
        return request.body().topics().isEmpty();
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public CompletionStage<DescribeTopicPartitionsResponseData> handle(
            Request<DescribeTopicPartitionsRequestData> request) {
        DescribeTopicPartitionsRequestData body = request.body();
        String firstTopic = body.cursor() == null ? "" : body.cursor().topicName();
        int firstPartition = body.cursor() == null ? 0 : body.cursor().partitionIndex();
        if (firstPartition < 0) {
            throw new InvalidRequestException(
                    "DescribeTopicPartitionsRequest cursor partition must be valid: "
                            + body.cursor());
        }
        boolean everything = body.topics().isEmpty();
        Stream<String> names = everything
                ? topics.all().stream().map(Topic::name)
                : body.topics().stream().map(TopicRequest::name);
        List<String> wanted = names.filter(name -> name.compareTo(firstTopic) >= 0).distinct()
                .sorted().toList();
        return CompletableFuture.completedFuture(page(wanted, everything, firstTopic,
                firstPartition, Math.max(1, Math.min(limit, body.responsePartitionLimit()))));
    }

    private DescribeTopicPartitionsResponseData page(List<String> names, boolean everything,
            String firstTopic, int firstPartition, int most) {
        DescribeTopicPartitionsResponseData page = new DescribeTopicPartitionsResponseData();
        int room = most;
        for (String name : names) {
            if (room == 0) {
                return page.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
            }
            Optional<Topic> topic = topics.find(name);
            if (topic.isEmpty()) {
                if (!everything) {
                    page.topics().add(missing(name));
                }
                continue;
            }
            int from = name.equals(firstTopic) ? firstPartition : 0;
            int to = (int) Math.min(topic.get().partitions().size(), (long) from + room);
            page.topics().add(view(topic.get(), from, to));
            if (to < topic.get().partitions().size()) {
                return page.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(to));
            }
            room -= Math.max(0, to - from);
        }
        return page;
    }

    /** Topic hashed by identity, because clients can choose names with equal hashes. */
    private static final class Described extends DescribeTopicPartitionsResponseTopic {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private static DescribeTopicPartitionsResponseTopic missing(String name) {
        Errors error = TopicNames.problem(name).isPresent()
                ? Errors.INVALID_TOPIC_EXCEPTION
                : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        return new Described().setName(name)
                .setErrorCode(error.code());
    }

    private DescribeTopicPartitionsResponseTopic view(Topic topic, int from, int to) {
        List<MetadataResponsePartition> partitions = TopicView.partitions(
                topic.partitions().subList(Math.min(from, to), to), nodeId);
        return new Described().setName(topic.name())
                .setTopicId(TopicIds.toKafka(topic.id())).setIsInternal(topic.internal())
                .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC)
                .setPartitions(partitions.stream()
                        .map(partition -> new DescribeTopicPartitionsResponsePartition()
                                .setErrorCode(partition.errorCode())
                                .setPartitionIndex(partition.partitionIndex())
                                .setLeaderId(partition.leaderId())
                                .setLeaderEpoch(partition.leaderEpoch())
                                .setReplicaNodes(partition.replicaNodes())
                                .setIsrNodes(partition.isrNodes())
                                .setOfflineReplicas(partition.offlineReplicas())
                                .setEligibleLeaderReplicas(List.of())
                                .setLastKnownElr(List.of()))
                        .toList());
    }
}
