package io.taffrail.broker.schedule;

import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Owner;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Work of one owner that is done in steps, first come first served. All steps between two looks of
 * the owner at its other work share one {@link Budget}, so ten thousand objects that have something
 * to do at once keep others waiting no longer than one does. A step that is not done adds itself
 * once more, behind the rest. Owner thread only.
 */
public final class Steps {

    /** A part of some work. */
    @FunctionalInterface
    public interface Step {

        /**
         * Does at least something, and ends soon after the budget is spent; is guarded by whoever
         * it is of.
         */
        void run(Budget budget);
    }

    /** Work that may take many steps. */
    @FunctionalInterface
    public interface Work {

        /**
         * Goes on, does at least something, and ends soon after the budget is spent.
         *
         * @return whether nothing is left to do
         */
        boolean goOn(Budget budget);
    }

    private final Owner owner;
    private final Budget budget;
    private final Budget direct;
    private final Deque<Step> waiting = new ArrayDeque<>();
    private boolean scheduled;

    public Steps(Owner owner, InstantSource clock) {
        this.owner = owner;
        this.budget = new Budget(clock);
        this.direct = new Budget(clock);
    }

    /** Runs a step in a later task of the owner. */
    public void add(Step step) {
        waiting.add(step);
        if (!scheduled) {
            scheduled = true;
            owner.execute(this::run);
        }
    }

    /**
     * Does work in as many steps as it takes, the first of them at once.
     *
     * @return completes on the owner's thread when nothing is left to do, or with what a step
     *         threw, after which there is none
     */
    public CompletableFuture<Void> work(Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        goOn(work, done, direct());
        return done;
    }

    private void goOn(Work work, CompletableFuture<Void> done, Budget share) {
        boolean[] over = new boolean[1];
        if (!Guard.run(() -> over[0] = work.goOn(share), done::completeExceptionally)) {
            return;
        }
        if (over[0]) {
            done.complete(null);
        } else {
            add(next -> goOn(work, done, next));
        }
    }

    /**
     * The budget of something small that is done at once, which adds a step for what is left when
     * it is spent.
     */
    public Budget direct() {
        return direct.begin();
    }

    /** Steps that wait. */
    public int size() {
        return waiting.size();
    }

    private void run() {
        budget.begin();
        int now = waiting.size();
        for (int left = now; left > 0 && !budget.isSpent(); left--) {
            Step step = waiting.remove();
            Guard.run("STP-001", "a step", () -> step.run(budget));
        }
        scheduled = !waiting.isEmpty();
        if (scheduled) {
            owner.executeLater(this::run);
        }
    }
}
