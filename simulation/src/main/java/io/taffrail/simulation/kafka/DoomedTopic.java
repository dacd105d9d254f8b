package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.Violation;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A topic that is created and deleted repeatedly; acknowledged changes must persist. */
final class DoomedTopic {

    private static final String NAME = "doomed";

    private enum State {
        THERE, GONE, UNKNOWN
    }

    private final HeadHistory history;
    private State state = State.GONE;
    private @Nullable HeadMachine of;
    private @Nullable KafkaLink link;
    private boolean makes;

    DoomedTopic(HeadHistory history) {
        this.history = history;
    }

    /** Creates the topic if it does not exist, otherwise deletes it. */
    void next(HeadMachine machine) {
        KafkaLink open = link;
        if (open == null || !machine.equals(of)) {
            open = new KafkaLink(machine);
            link = open;
            of = machine;
        }
        if (!open.isIdle()) {
            return;
        }
        makes = !makes;
        state = State.UNKNOWN;
        if (makes) {
            open.send(ApiKeys.CREATE_TOPICS, 7, TopicSetup.creation(NAME), new Hears() {
                @Override
                public void is(ApiMessage body) {
                    heard(machine,
                            Errors.forCode(TopicSetup.error((CreateTopicsResponseData) body)),
                            State.THERE, Errors.TOPIC_ALREADY_EXISTS);
                }
            });
        } else {
            open.send(ApiKeys.DELETE_TOPICS, 5, new DeleteTopicsRequestData()
                    .setTopicNames(List.of(NAME)).setTimeoutMs(5_000), new Hears() {
                        @Override
                        public void is(ApiMessage body) {
                            heard(machine, Errors.forCode(((DeleteTopicsResponseData) body)
                                    .responses().iterator().next().errorCode()), State.GONE,
                                    Errors.UNKNOWN_TOPIC_OR_PARTITION);
                        }
                    });
        }
    }

    private void heard(HeadMachine machine, Errors error, State then, Errors already) {
        if (error == Errors.NONE || error == already) {
            state = then;
        } else {
            history.requireCause(machine, "a topic", error);
        }
    }

    /** Checks that the topic exists or not, as acknowledged. */
    void check(HeadMachine machine) {
        if (of != null && machine.equals(of) && link != null && !link.isIdle()) {
            return;
        }
        MetadataResponseData answer = (MetadataResponseData) new TopicSetup(machine)
                .ask(ApiKeys.METADATA, 12, new MetadataRequestData()
                        .setAllowAutoTopicCreation(false).setTopics(TopicSetup.named(NAME)));
        boolean there = answer.topics().iterator().next().errorCode() == 0;
        Set<State> fits = Set.of(there ? State.THERE : State.GONE, State.UNKNOWN);
        if (!fits.contains(state)) {
            throw new Violation("a topic stays made, or deleted", there + ", should be " + state);
        }
        state = there ? State.THERE : State.GONE;
    }

    /** A callback for an answer that may be lost. */
    private abstract static class Hears implements KafkaLink.Answer {
        @Override
        public final void lost() {
            // The outcome is unknown.
        }
    }
}
