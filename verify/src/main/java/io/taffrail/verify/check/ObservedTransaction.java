package io.taffrail.verify.check;

import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A transaction of a history: its outcome, its times and its writes. */
final class ObservedTransaction {

    private static final long NEVER = Long.MAX_VALUE;

    /** States of the client's view. A transaction whose commit was never requested is aborted. */
    private enum Outcome {
        OPEN, COMMITTING, COMMITTED, ABORTED
    }

    /** A record that a transaction sends. {@code note} is the content that the workload gave it. */
    static final class Write {

        private final ObservedTransaction transaction;
        private final String place;
        private final long value;
        private final String note;
        private boolean found;

        private Write(ObservedTransaction transaction, Event send) {
            this.transaction = transaction;
            this.place = send.place();
            this.value = send.value();
            this.note = send.note();
        }

        ObservedTransaction transaction() {
            return transaction;
        }

        String note() {
            return note;
        }

        boolean found() {
            return found;
        }

        /** Records that the last scan has found it. */
        void find() {
            found = true;
        }

        @Override
        public String toString() {
            return Value.text(value) + " of " + place;
        }
    }

    private final long id;
    private final String session;
    private final long beginNs;
    private final List<Write> writes = new ArrayList<>();
    private Outcome outcome = Outcome.OPEN;
    private long commitNs = NEVER;
    private long endNs = NEVER;

    ObservedTransaction(Event begin) {
        this.id = begin.transaction();
        this.session = begin.note();
        this.beginNs = begin.timeNs();
    }

    Write write(Event send) {
        Write write = new Write(this, send);
        writes.add(write);
        return write;
    }

    void commit(Event event) {
        switch (event.phase()) {
            case INVOKE -> {
                outcome = Outcome.COMMITTING;
                commitNs = event.timeNs();
            }
            case OK -> {
                outcome = Outcome.COMMITTED;
                endNs = event.timeNs();
            }
            case FAIL -> outcome = Outcome.ABORTED;
            case UNKNOWN -> {
            }
        }
    }

    void abort(Event event) {
        if (event.phase() == Phase.INVOKE && outcome == Outcome.OPEN) {
            outcome = Outcome.ABORTED;
        }
    }

    long id() {
        return id;
    }

    /** The transactional id. */
    String session() {
        return session;
    }

    long beginNs() {
        return beginNs;
    }

    /** Time at which the commit was requested; far in the future if it was not. */
    long commitNs() {
        return commitNs;
    }

    /** Time at which the commit was confirmed; far in the future if it was not. */
    long endNs() {
        return endNs;
    }

    boolean committed() {
        return outcome == Outcome.COMMITTED;
    }

    /** Returns whether no commit can have taken effect. */
    boolean aborted() {
        return outcome == Outcome.OPEN || outcome == Outcome.ABORTED;
    }

    List<Write> writes() {
        return Collections.unmodifiableList(writes);
    }

    @Override
    public String toString() {
        return Value.text(id);
    }
}
