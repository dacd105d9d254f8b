package io.taffrail.kafka.topics;

import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.kafka.api.ErrorCodes;
import org.apache.kafka.common.protocol.Errors;

/**
 * Refusal of a change of topics, as the client receives it.
 *
 * @param message
 *            text for the user
 */
record TopicRefusal(Errors error, String message) {

    static TopicRefusal of(TopicOutcome.Refused refused) {
        return new TopicRefusal(ErrorCodes.of(refused.error()), refused.detail());
    }
}
