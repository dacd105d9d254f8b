package io.taffrail.kafka.cluster;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.Topic;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DescribeLogDirs: reports the single data directory, the size of every log in it, and the size of
 * its volume.
 *
 * @param disk
 *            runs calls that may wait for the disk
 */
public record DescribeLogDirsHandler(Broker broker, Executor disk)
        implements
            Handler<DescribeLogDirsRequestData> {

    private static final Logger LOG = LoggerFactory.getLogger(DescribeLogDirsHandler.class);
    private static final long UNKNOWN = -1;

    @Override
    public boolean takesLong(Request<DescribeLogDirsRequestData> request) {
        return request.body().topics() == null;
    }

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
            Map<String, Set<Integer>> wanted = new LinkedHashMap<>();
            request.body().topics().forEach(topic -> wanted
                    .computeIfAbsent(topic.topic(), _ -> new LinkedHashSet<>())
                    .addAll(topic.partitions()));
            wanted.forEach((name, partitions) -> broker.topics().find(name)
                    .ifPresent(topic -> topics.add(view(topic, partitions))));
        }
        DescribeLogDirsResult result = new DescribeLogDirsResult()
                .setLogDir(broker.engine().location()).setTopics(topics);
        return CompletableFuture.supplyAsync(
                () -> new DescribeLogDirsResponseData().setResults(List.of(measured(result))),
                disk);
    }

    private static DescribeLogDirsResult measured(DescribeLogDirsResult result) {
        Path directory = Path.of(result.logDir());
        if (!directory.isAbsolute()) {
            return result.setTotalBytes(UNKNOWN).setUsableBytes(UNKNOWN);
        }
        try {
            FileStore volume = Files.getFileStore(directory);
            return result.setTotalBytes(volume.getTotalSpace())
                    .setUsableBytes(volume.getUsableSpace());
        } catch (IOException e) {
            LOG.warn("the volume of {} cannot be measured", directory, e);
            return result.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
    }

    private static DescribeLogDirsTopic view(Topic topic, Collection<Integer> indexes) {
        return new DescribeLogDirsTopic().setName(topic.name())
                .setPartitions(indexes.stream().flatMap(index -> topic.partition(index).stream())
                        .map(partition -> new DescribeLogDirsPartition()
                                .setPartitionIndex(partition.index())
                                .setPartitionSize(partition.log().sizeBytes()))
                        .toList());
    }
}
