package io.taffrail.kafka.configs;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.DurabilityNames;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicNames;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.broker.topic.TopicSetting;
import io.taffrail.broker.topic.TopicSettings;
import io.taffrail.kafka.api.ErrorCodes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Settings of topics. */
public record TopicSubject(Broker broker) implements ConfigSubject {

    @Override
    public ConfigResource.Type type() {
        return ConfigResource.Type.TOPIC;
    }

    @Override
    public List<String> names() {
        return broker.topics().all().stream().map(Topic::name).sorted().toList();
    }

    @Override
    public List<ConfigEntry> describe(String name) {
        return TopicEntries.of(topic(name).config(), broker.topics().defaults());
    }

    @Override
    public String inheritedList(String setting) {
        TopicSetting known = TopicSettings.find(setting)
                .filter(found -> found.kind() == TopicSetting.Kind.LIST)
                .orElseThrow(() -> new InvalidConfigurationException("Can't APPEND or SUBTRACT to"
                        + " key " + setting + " because its type is not LIST."));
        return broker.topics().defaults().inherited(known);
    }

    @Override
    public Map<String, String> before(Map<String, String> own, String setting) {
        return DurabilityNames.before(own, setting);
    }

    @Override
    public CompletionStage<?> alter(String name, UnaryOperator<Map<String, String>> change,
            boolean validateOnly) {
        Topic topic = topic(name);
        if (validateOnly) {
            Map<String, String> overrides = change
                    .apply(new HashMap<>(topic.config().overrides()));
            Optional<TopicOutcome.Refused> refused = broker.topics().checkConfig(name, overrides);
            if (refused.isPresent()) {
                throw failure(refused.get());
            }
            return CompletableFuture.completedFuture(topic);
        }
        return broker.topics().alterConfig(name, change).thenApply(outcome -> switch (outcome) {
            case TopicOutcome.Done done -> done.topic();
            case TopicOutcome.Refused refused -> throw failure(refused);
        });
    }

    private Topic topic(String name) {
        Optional<String> badName = TopicNames.problem(name);
        if (badName.isPresent()) {
            throw new InvalidTopicException(badName.get());
        }
        return broker.topics().find(name).orElseThrow(() -> new UnknownTopicOrPartitionException(
                "The topic '" + name + "' does not exist."));
    }

    private static RuntimeException failure(TopicOutcome.Refused refused) {
        return ErrorCodes.of(refused.error()).exception(refused.detail());
    }
}
