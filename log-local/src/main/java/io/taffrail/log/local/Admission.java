package io.taffrail.log.local;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.Refusal;
import io.taffrail.log.local.journal.Journal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admission of appends: decides whether journal and disk can accept an append, and gives
 * the refusal if not.
 */
final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Journal journal;
    private final Checkpointer checkpointer;
    private final AppendResult.Refused overloaded = new AppendResult.Refused(Refusal.OVERLOADED,
            "more is waiting for the disk than may; try again");
    private final AppendResult.Refused diskFull = new AppendResult.Refused(Refusal.DISK_FULL,
            "disk full: no room for the journal");
    private volatile boolean segmentsFull;

    Admission(Journal journal, Checkpointer checkpointer) {
        this.journal = journal;
        this.checkpointer = checkpointer;
    }

    /** Returns the reason why no log accepts an append that must be forced, or {@code null}. */
    AppendResult.@Nullable Refused refusal() {
        LogFailedException failure = journal.failure();
        if (failure != null) {
            return new AppendResult.Refused(Refusal.STORAGE_FAILED,
                    String.valueOf(failure.getMessage()));
        }
        if (journal.isFull()) {
            return diskFull;
        }
        return journal.isOverloaded() ? overloaded : null;
    }

    /**
     * Returns the reason why the journal reserved no room although {@link #refusal}
     * gave none before.
     */
    AppendResult.Refused notReserved() {
        AppendResult.Refused refused = refusal();
        return refused != null ? refused : overloaded;
    }

    /** Logs a full disk once, until {@link #hasRoom} is called. */
    void diskFullAt(LogId id, IOException cause) {
        if (!segmentsFull) {
            segmentsFull = true;
            checkpointer.consider(true);
            LOG.error("ENG-001 disk full: appends are refused until there is room, first to {}: {}",
                    id, cause.toString());
        }
    }

    /** Notes that a segment accepted a batch, so the disk has room. */
    void hasRoom() {
        if (segmentsFull) {
            segmentsFull = false;
            checkpointer.roomFound();
            LOG.info("ENG-006 there is room on the disk again");
        }
    }
}
