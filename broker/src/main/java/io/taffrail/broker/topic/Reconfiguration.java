package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerThreads;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A topic that gets other settings. */
record Reconfiguration(Topic topic, TopicConfig config) {

    /** Tells each log on its owner, waits for them, then shows the topic; the topic as shown. */
    Topic apply(LiveTopics live, BrokerThreads threads) {
        List<CompletableFuture<Void>> told = topic.partitions().stream()
                .map(partition -> CompletableFuture.runAsync(
                        () -> partition.log().reconfigure(
                                PartitionOpener.optionsOf(config, partition.index())),
                        partition.owner()))
                .toList();
        told.forEach(threads::await);
        Topic after = topic.withConfig(config);
        live.put(after);
        return after;
    }
}
