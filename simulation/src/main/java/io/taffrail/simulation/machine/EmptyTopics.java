package io.taffrail.simulation.machine;

import io.taffrail.broker.topic.CleanerDefaults;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicDefaults;
import io.taffrail.broker.topic.TopicListener;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.broker.topic.Topics;
import io.taffrail.log.spi.Registration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** The catalog of a machine without topics. It cannot be changed. */
final class EmptyTopics implements Topics {

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("a machine without topics");
    }

    @Override
    public Optional<Topic> find(String name) {
        return Optional.empty();
    }

    @Override
    public Optional<Topic> find(UUID id) {
        return Optional.empty();
    }

    @Override
    public Collection<Topic> all() {
        return List.of();
    }

    @Override
    public CompletableFuture<TopicOutcome> create(NewTopic topic) {
        throw unsupported();
    }

    @Override
    public Optional<TopicOutcome.Refused> check(NewTopic topic) {
        throw unsupported();
    }

    @Override
    public CompletableFuture<TopicOutcome> findOrCreate(NewTopic topic) {
        throw unsupported();
    }

    @Override
    public CompletableFuture<TopicOutcome> delete(String name) {
        throw unsupported();
    }

    @Override
    public Optional<TopicOutcome.Refused> checkPartitions(String name, int count) {
        throw unsupported();
    }

    @Override
    public CompletableFuture<TopicOutcome> addPartitions(String name, int count) {
        throw unsupported();
    }

    @Override
    public CompletableFuture<TopicOutcome> alterConfig(String name,
            UnaryOperator<Map<String, String>> change) {
        throw unsupported();
    }

    @Override
    public Optional<TopicOutcome.Refused> checkConfig(String name,
            Map<String, String> overrides) {
        throw unsupported();
    }

    @Override
    public TopicDefaults defaults() {
        throw unsupported();
    }

    @Override
    public CleanerDefaults cleaner() {
        throw unsupported();
    }

    @Override
    public CompletableFuture<Optional<TopicOutcome.Refused>> alterDefaults(
            TopicDefaults.Scope scope, UnaryOperator<Map<String, String>> change) {
        throw unsupported();
    }

    @Override
    public Optional<TopicOutcome.Refused> checkDefaults(TopicDefaults.Scope scope,
            Map<String, String> values) {
        throw unsupported();
    }

    @Override
    public void reopen(Partition failed) {
        throw unsupported();
    }

    @Override
    public CompletableFuture<TopicOutcome> reopenNow(String topic, int partition) {
        throw unsupported();
    }

    @Override
    public Registration watch(TopicListener listener) {
        return () -> {};
    }
}
