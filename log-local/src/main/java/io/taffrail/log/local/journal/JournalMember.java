package io.taffrail.log.local.journal;

import io.taffrail.log.spi.Owner;

/** An appender to the journal that waits for the result of its groups. */
public interface JournalMember {

    /** The owner on whose thread {@link #durable} and {@link #failed} are called. */
    Owner owner();

    /** Notifies that every group up to {@code group} is on disk. */
    void durable(long group);

    /** Notifies that the journal has failed: the outcome of later groups is unknown. */
    void failed(Throwable cause);

    /**
     * The last group with an entry of this member, so that a group lists each member once.
     * Guarded by the journal's lock.
     */
    long lastGroup();

    void lastGroup(long group);
}
