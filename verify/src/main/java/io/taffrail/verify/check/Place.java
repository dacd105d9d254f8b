package io.taffrail.verify.check;

import io.taffrail.verify.history.Event;

/** What is known of one partition or queue. */
sealed interface Place permits LogPlace, QueuePlace {

    /** Takes the next event that concerns this place. */
    void accept(Event event);

    /** Whether everything that is there was read at the end. */
    boolean complete();

    /** Reports, once all events were accepted. */
    void finish();
}
