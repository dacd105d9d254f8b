package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerThreads;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A change of a topic's settings. */
record Reconfiguration(Topic topic, TopicConfig config) {

    /**
     * Reconfigures each log on its owner, blocks until that is done, then publishes the topic with
     * its new settings and returns it.
     */
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
