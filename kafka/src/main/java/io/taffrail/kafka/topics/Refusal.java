package io.taffrail.kafka.topics;

import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.kafka.api.ErrorCodes;
import org.apache.kafka.common.protocol.Errors;

/**
 * Why a change of topics is refused, as a client is told.
 *
 * @param message
 *            for a person
 */
record Refusal(Errors error, String message) {

    static Refusal of(TopicOutcome.Refused refused) {
        return new Refusal(ErrorCodes.of(refused.error()), refused.detail());
    }
}
