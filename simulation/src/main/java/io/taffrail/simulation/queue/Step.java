package io.taffrail.simulation.queue;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * An atomic action: a publish to any number of queues, a transaction, or a dead-lettering from one
 * queue to another. It is known to be done, known not to be done, or neither.
 */
final class Step {

    private enum State {
        OPEN, DONE, NOT_DONE
    }

    private final String what;
    private final List<Copy> stores = new ArrayList<>();
    private final List<Copy> settles = new ArrayList<>();
    private State state = State.OPEN;
    private boolean failed;
    private boolean parted;
    private boolean whole;
    private boolean overtaken;

    Step(String what) {
        this.what = what;
    }

    void stores(Copy copy) {
        stores.add(copy);
        copy.comesBy(this);
    }

    void settles(Copy copy) {
        settles.add(copy);
    }

    List<Copy> settles() {
        return settles;
    }

    /** True if the outcome of some of its parts is unknown. */
    boolean isOpen() {
        return state == State.OPEN || (parted && !whole);
    }

    boolean isParted() {
        return parted;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /**
     * Allows its parts to happen separately, because one of its queues may have failed. If it is
     * confirmed, all parts have happened.
     */
    void part() {
        parted = true;
    }

    /** The publish still goes on, while its client has gone and others publish. */
    void overtake() {
        overtaken = true;
    }

    boolean mayBeOvertaken() {
        return overtaken;
    }

    /** The client was told that it failed: it is promised only to be atomic. */
    void fail() {
        failed = true;
    }

    boolean hasFailed() {
        return failed;
    }

    /**
     * The step is known to have happened.
     *
     * @param taken
     *            true if every queue accepted its part
     */
    void done(boolean taken, String how) {
        if (state == State.NOT_DONE) {
            throw new Violation("what is one step is whole or absent",
                    this + " has happened (" + how + "), and has not");
        }
        if (parted && !taken && !whole) {
            state = State.DONE;
            return;
        }
        whole |= taken;
        if (state == State.OPEN || taken) {
            state = State.DONE;
            for (Copy copy : stores) {
                if (!copy.isRefused() && (taken || !copy.queue().plan().mayRefuse())) {
                    copy.certain();
                }
            }
            settles.forEach(it -> it.gone(this));
        }
    }

    /** The step is known not to have happened. */
    void notDone(String how) {
        if (parted) {
            return;
        }
        if (state == State.DONE) {
            throw new Violation("what is one step is whole or absent",
                    this + " has not happened (" + how + "), and has");
        }
        state = State.NOT_DONE;
    }

    @Override
    public String toString() {
        return what + " " + state + (failed ? ", failed" : "") + (stores.isEmpty()
                ? ""
                : ", stores " + stores) + (settles.isEmpty() ? "" : ", settles " + settles);
    }
}
