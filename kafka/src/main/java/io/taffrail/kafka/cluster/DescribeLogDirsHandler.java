package io.taffrail.kafka.cluster;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.Topic;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeLogDirs: the one data directory and the size of every log in it. */
public record DescribeLogDirsHandler(Broker broker)
        implements
            Handler<DescribeLogDirsRequestData> {

    private static final long UNKNOWN = -1;

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_LOG_DIRS;
    }

    @Override
    public CompletionStage<DescribeLogDirsResponseData> handle(
            Request<DescribeLogDirsRequestData> request) {
        List<DescribeLogDirsTopic> topics = new ArrayList<>();
        if (request.body().topics() == null) {
            broker.topics().all().forEach(topic -> topics.add(view(topic,
                    topic.partitions().stream().map(partition -> partition.index()).toList())));
        } else {
            for (DescribableLogDirTopic wanted : request.body().topics()) {
                broker.topics().find(wanted.topic())
                        .ifPresent(topic -> topics.add(view(topic, wanted.partitions())));
            }
        }
        return CompletableFuture.completedFuture(new DescribeLogDirsResponseData()
                .setResults(List.of(new DescribeLogDirsResult()
                        .setLogDir(broker.engine().location()).setTopics(topics)
                        .setTotalBytes(UNKNOWN).setUsableBytes(UNKNOWN))));
    }

    private static DescribeLogDirsTopic view(Topic topic, List<Integer> indexes) {
        return new DescribeLogDirsTopic().setName(topic.name())
                .setPartitions(indexes.stream().flatMap(index -> topic.partition(index).stream())
                        .map(partition -> new DescribeLogDirsPartition()
                                .setPartitionIndex(partition.index())
                                .setPartitionSize(partition.log().sizeBytes()))
                        .toList());
    }
}
