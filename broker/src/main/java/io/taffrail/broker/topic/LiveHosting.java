package io.taffrail.broker.topic;

import io.taffrail.log.LogOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The registry of hosted topics within the catalog. Safe for any thread. */
final class LiveHosting implements TopicHosting {

    private final Topics topics;
    private final LiveTopics live;
    private final TopicConfigs configs;

    LiveHosting(Topics topics, LiveTopics live, TopicConfigs configs) {
        this.topics = topics;
        this.live = live;
        this.configs = configs;
    }

    @Override
    public Topics topics() {
        return topics;
    }

    @Override
    public boolean isHosted(String name) {
        return live.isHosted(name);
    }

    @Override
    public boolean reserve(String name) {
        return live.reserve(name);
    }

    @Override
    public void release(String name) {
        live.release(name);
    }

    @Override
    public void show(HostedTopic topic) {
        live.putHosted(new Topic(topic.name(), topic.id(), false, config(topic),
                List.of(new Partition(topic.name(), 0, topic.log(), topic.owner()))));
    }

    @Override
    public void hide(String name) {
        live.find(name).ifPresent(live::remove);
    }

    /** The broker's settings, except for those that the log's own options define. */
    private TopicConfig config(HostedTopic topic) {
        LogOptions options = topic.log().options();
        Map<String, String> shown = new TreeMap<>();
        shown.put("retention.bytes", limit(options.retentionBytes()));
        shown.put("retention.ms", limit(options.retentionMs()));
        shown.put("message.timestamp.type",
                topic.stampsTime() ? "LogAppendTime" : "CreateTime");
        shown.put("compression.type", "producer");
        TopicConfig resolved = configs.resolve(shown);
        return new TopicConfig(resolved.overrides(), options, resolved.intake(), 0);
    }

    private static String limit(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : "-1";
    }

    /** The reason why the catalog does not change a hosted topic; empty for other topics. */
    static Optional<String> problem(LiveTopics live, String name) {
        return live.isHosted(name)
                ? Optional.of("'" + name + "' is a queue, which is changed and deleted as a queue.")
                : Optional.empty();
    }

    /**
     * The reason why a topic cannot have partitions up to {@code count}: a queue has the name of
     * one of their streams.
     */
    static Optional<String> collision(LiveTopics live, String topic, int count) {
        for (int index = 0; index < count && live.hasHosted(); index++) {
            if (live.isHosted(topic + "-" + index)) {
                return Optional.of("Partition " + index + " of topic '" + topic
                        + "' would be called like a queue that is there: '" + topic + "-" + index
                        + "'.");
            }
        }
        return Optional.empty();
    }
}
