package io.taffrail.log.local.journal;

import io.taffrail.log.spi.Owner;

/** Whoever has appended to a group and waits for it. */
public interface JournalMember {

    /** Whose thread the other methods are called on. */
    Owner owner();

    /** Every group up to {@code group} is on disk. */
    void durable(long group);

    /** The journal has failed: what follows its last durable group is unknown. */
    void failed(Throwable cause);

    /**
     * The last group this has appended to; kept here so that a group lists each member once.
     * Guarded by the journal.
     */
    long lastGroup();

    void lastGroup(long group);
}
