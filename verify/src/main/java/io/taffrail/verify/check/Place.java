package io.taffrail.verify.check;

import io.taffrail.verify.history.Event;

/** The check of one partition or queue. */
sealed interface Place permits LogPlace, QueuePlace, TransactionalPlace {

    /** Processes the next event of this place. */
    void accept(Event event);

    /** Returns whether the place was read completely at the end. */
    boolean complete();

    /**
     * Reports the anomalies that only the complete history shows; called once,
     * after the last event.
     */
    void finish();
}
