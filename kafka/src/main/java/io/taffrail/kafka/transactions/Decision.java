package io.taffrail.kafka.transactions;

import org.apache.kafka.common.protocol.Errors;

/** The result of a rule: the answer to a request, or the state that it leads to. */
sealed interface Decision {

    /**
     * Nothing changes.
     *
     * @param error
     *            the answer; NONE if the request asks for the present state
     */
    record Answer(Errors error) implements Decision {}

    /**
     * The state changes, and the request is answered when the change is durable.
     *
     * @param next
     *            the new state
     * @param answer
     *            the answer when the change is durable
     */
    record Change(TransactionalId next, Errors answer) implements Decision {

        Change(TransactionalId next) {
            this(next, Errors.NONE);
        }
    }

    /** A new producer id is needed first; the rule is applied again with it. */
    record NeedsProducerId() implements Decision {}
}
