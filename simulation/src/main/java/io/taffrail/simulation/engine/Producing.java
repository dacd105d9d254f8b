package io.taffrail.simulation.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** An idempotent producer of one log: numbers its batches and repeats unanswered ones. */
final class Producing {

    private static final int REMEMBERED = 5;

    /** A batch with its sequence, sent at least once. */
    record Sent(int sequence, List<Written.Entry> entries) {}

    private final long id;
    private int next;
    private final Deque<Sent> unanswered = new ArrayDeque<>();
    private final Deque<Written> answered = new ArrayDeque<>();
    private final List<Sent> toRepeat = new ArrayList<>();

    Producing(long id) {
        this.id = id;
    }

    long id() {
        return id;
    }

    /** True if it may send another batch now. */
    boolean maySend() {
        return unanswered.size() < REMEMBERED && toRepeat.isEmpty();
    }

    /** Returns the next batch; its sequence counts once it is {@link #taken}. */
    Sent prepare(List<Written.Entry> entries) {
        return new Sent(next, entries);
    }

    void taken(Sent sent) {
        next = sent.sequence + sent.entries.size();
        unanswered.add(sent);
    }

    void answered(Sent sent, Written written) {
        if (unanswered.remove(sent)) {
            answered.add(written);
            if (answered.size() > REMEMBERED) {
                answered.removeFirst();
            }
        }
    }

    /** The broker has restarted: all unanswered batches must be sent again, in order. */
    void reconnected() {
        toRepeat.clear();
        toRepeat.addAll(unanswered);
    }

    List<Sent> toRepeat() {
        return toRepeat;
    }

    /** Acknowledged batches that the log still remembers, newest last. */
    List<Written> remembered() {
        int free = Math.max(0, REMEMBERED - unanswered.size());
        List<Written> all = List.copyOf(answered);
        return all.subList(Math.max(0, all.size() - free), all.size());
    }
}
