package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.PowerCut;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** An administrator's client that waits for each answer. */
final class TopicSetup {

    private final HeadMachine machine;
    private final KafkaLink link;

    TopicSetup(HeadMachine machine) {
        this.machine = machine;
        this.link = new KafkaLink(machine);
    }

    /** Creates the topics of the run if they do not exist. */
    void create(HeadHistory history) {
        create(history, "fsync");
    }

    /** Creates the topics of the run if they do not exist, the last one with this durability. */
    void create(HeadHistory history, String durability) {
        CreatableTopicCollection topics = new CreatableTopicCollection();
        HeadPlan.TOPICS.forEach(name -> topics.add(creatable(name)));
        topics.find(HeadPlan.TOPICS.getLast()).configs().add(new CreatableTopicConfig()
                .setName("durability").setValue(durability));
        ask(ApiKeys.CREATE_TOPICS, 7, new CreateTopicsRequestData().setTopics(topics)
                .setTimeoutMs(5_000));
        MetadataResponseData metadata = (MetadataResponseData) ask(ApiKeys.METADATA, 12,
                new MetadataRequestData().setAllowAutoTopicCreation(false)
                        .setTopics(HeadPlan.TOPICS.stream().map(name -> new MetadataRequestTopic()
                                .setName(name).setTopicId(Uuid.ZERO_UUID)).toList()));
        if (metadata.topics().stream().allMatch(it -> it.errorCode() == 0)) {
            metadata.topics().forEach(it -> history.topic(it.name(), it.topicId(),
                    it.partitions().size()));
        } else {
            throw new PowerCut();
        }
    }

    static CreatableTopic creatable(String name) {
        return new CreatableTopic().setName(name).setNumPartitions(HeadPlan.PARTITIONS)
                .setReplicationFactor((short) 1);
    }

    static CreateTopicsRequestData creation(String name) {
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(creatable(name));
        return new CreateTopicsRequestData().setTopics(topics).setTimeoutMs(5_000);
    }

    static short error(CreateTopicsResponseData answer) {
        return answer.topics().iterator().next().errorCode();
    }

    /** Runs steps until the request is answered. */
    ApiMessage ask(ApiKeys key, int version, ApiMessage body) {
        CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
        link.send(key, version, body, new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage it) {
                answer.complete(it);
            }

            @Override
            public void lost() {
                answer.completeExceptionally(new PowerCut());
            }
        });
        machine.scheduler().until("an answer to " + key, answer::isDone);
        if (answer.isCompletedExceptionally() || machine.isOver()) {
            throw new PowerCut();
        }
        return answer.join();
    }

    static List<MetadataRequestTopic> named(String name) {
        return List.of(new MetadataRequestTopic().setName(name).setTopicId(Uuid.ZERO_UUID));
    }
}
