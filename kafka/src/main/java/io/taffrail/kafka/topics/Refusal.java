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
record Refusal(Errors error, String message) {

    static Refusal of(TopicOutcome.Refused refused) {
        return new Refusal(ErrorCodes.of(refused.error()), refused.detail());
    }
}
