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

/** Whether journal and disk can take an append now, and what is said when they cannot. */
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

    /** Why no log takes an append that has to be forced, or {@code null}. */
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

    /** Why the journal took nothing although there was no {@link #refusal} before. */
    AppendResult.Refused notReserved() {
        AppendResult.Refused refused = refusal();
        return refused != null ? refused : overloaded;
    }

    /** Says once that the disk is full, until {@link #hasRoom} says otherwise. */
    void diskFullAt(LogId id, IOException cause) {
        if (!segmentsFull) {
            segmentsFull = true;
            checkpointer.consider(true);
            LOG.error("ENG-001 disk full: appends are refused until there is room, first to {}: {}",
                    id, cause.toString());
        }
    }

    /** A segment took a batch. */
    void hasRoom() {
        if (segmentsFull) {
            segmentsFull = false;
            checkpointer.roomAgain();
            LOG.info("ENG-006 there is room on the disk again");
        }
    }
}
