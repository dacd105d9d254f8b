package io.taffrail.verify.check;

import static io.taffrail.verify.check.Times.at;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The committed offsets of one group in one partition. A query must return the latest commit
 * that was acknowledged before it, or one that may have taken effect after that commit.
 */
final class CommittedOffsets {

    private static final long OPEN = Long.MAX_VALUE;

    private record Commit(long offset, long invokedNs, long endedNs, boolean certain) {}

    private final String group;
    private final String place;
    private final Findings findings;
    private final List<Commit> commits = new ArrayList<>();
    private final Map<String, Event> open = new HashMap<>();
    private final Map<String, Long> questionsNs = new HashMap<>();
    private long lastKnown = -1;

    CommittedOffsets(String group, String place, Findings findings) {
        this.group = group;
        this.place = place;
        this.findings = findings;
    }

    void commit(Event event) {
        String id = event.process() + " " + event.offset();
        if (event.phase() == Phase.INVOKE) {
            open.put(id, event);
            return;
        }
        Event invoked = open.remove(id);
        if (invoked != null && event.phase() != Phase.FAIL) {
            boolean certain = event.phase() == Phase.OK;
            commits.add(new Commit(event.offset(), invoked.timeNs(),
                    certain ? event.timeNs() : OPEN, certain));
        }
    }

    void committed(Event event) {
        if (event.phase() == Phase.INVOKE) {
            questionsNs.put(event.process(), event.timeNs());
            return;
        }
        Long askedNs = questionsNs.remove(event.process());
        if (event.phase() == Phase.OK && askedNs != null) {
            lastKnown = event.offset();
            answer(event, askedNs);
        }
    }

    private void answer(Event event, long askedNs) {
        Commit newest = null;
        for (Commit commit : commits) {
            if (commit.certain() && commit.endedNs() <= askedNs
                    && (newest == null || commit.invokedNs() > newest.invokedNs())) {
                newest = commit;
            }
        }
        if (newest == null || event.offset() >= newest.offset()
                || mayBeLater(event.offset(), newest)) {
            return;
        }
        findings.add(Kind.STALE, place, newest.endedNs(), group + " committed "
                + newest.offset() + at(newest.endedNs()) + ", and" + at(event.timeNs()) + " has "
                + (event.offset() < 0 ? "no offset" : Long.toString(event.offset())));
    }

    private boolean mayBeLater(long offset, Commit newest) {
        return commits.stream().anyMatch(
                commit -> commit.offset() == offset && commit.endedNs() > newest.invokedNs())
                || open.values().stream().anyMatch(commit -> commit.offset() == offset);
    }

    String group() {
        return group;
    }

    String place() {
        return place;
    }

    /** Returns the group's latest known committed offset; -1 if there is none. */
    long lastKnown() {
        return lastKnown;
    }
}
