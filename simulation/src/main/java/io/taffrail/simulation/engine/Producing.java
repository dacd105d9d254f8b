package io.taffrail.simulation.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** An idempotent producer of one log: it numbers its batches and repeats what was not answered. */
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

    /** Whether it may send another batch now. */
    boolean maySend() {
        return unanswered.size() < REMEMBERED && toRepeat.isEmpty();
    }

    /** The next batch; its sequence counts once it has been {@link #taken}. */
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

    /** The broker is back: everything unanswered is to be sent again, in order. */
    void reconnected() {
        toRepeat.clear();
        toRepeat.addAll(unanswered);
    }

    List<Sent> toRepeat() {
        return toRepeat;
    }

    /** Batches it has an answer for that the log still remembers, newest last. */
    List<Written> remembered() {
        int free = Math.max(0, REMEMBERED - unanswered.size());
        List<Written> all = List.copyOf(answered);
        return all.subList(Math.max(0, all.size() - free), all.size());
    }

    /** The log lost what it was told, as its durability allows: the producer begins anew. */
    boolean mayForget() {
        return !unanswered.isEmpty() || !answered.isEmpty();
    }
}
