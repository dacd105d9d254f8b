package io.taffrail.simulation.kafka;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A transaction as its producer knows it. */
final class SimTransaction {

    /** Knowledge about the end of a transaction. */
    enum Fate {
        UNKNOWN,
        COMMITTED,
        ABORTED
    }

    private final String producer;
    /** Records by id; each was sent one or more times. */
    private final Map<Long, PartitionModel> records = new LinkedHashMap<>();
    /** Records that were sent after the request to end it, which it may or may not include. */
    private final Set<Long> late = new LinkedHashSet<>();
    /** Committed offset that is part of it; -1 if there is none. */
    long offset = -1;
    private boolean commitSent;
    private boolean written;
    private Fate fate = Fate.UNKNOWN;

    SimTransaction(String producer) {
        this.producer = producer;
    }

    void record(long id, PartitionModel partition) {
        records.put(id, partition);
    }

    void lateRecord(long id) {
        late.add(id);
    }

    Map<Long, PartitionModel> records() {
        return records;
    }

    void commitSent() {
        commitSent = true;
    }

    boolean isCommitSent() {
        return commitSent;
    }

    /** A record was acknowledged, so that its partition has an open transaction. */
    void written() {
        written = true;
    }

    boolean isWritten() {
        return written;
    }

    Fate fate() {
        return fate;
    }

    void fate(Fate known) {
        fate = known;
    }

    @Override
    public String toString() {
        return "%s: records %s, late %s, offset %d, commit %s, %s".formatted(producer,
                records.keySet(), late, offset, commitSent ? "requested" : "not requested", fate);
    }
}
