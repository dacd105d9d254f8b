package io.taffrail.broker.schedule;

import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Owner;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * A scheduler for work of one owner in steps, first come first served. All steps between two looks
 * of the owner at its other work share one {@link Budget}, so ten thousand objects with work delay
 * others no longer than one does. A step with work left adds itself again at the end of the line.
 * Owner thread only.
 */
public final class Steps {

    /** A part of a task. */
    @FunctionalInterface
    public interface Step {

        /**
         * Makes some progress, and ends soon after the budget is spent; the step guards against its
         * own exceptions.
         */
        void run(Budget budget);
    }

    /** Work that may take many steps. */
    @FunctionalInterface
    public interface Work {

        /**
         * Makes some progress, and ends soon after the budget is spent.
         *
         * @return whether the work is done
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

    /** Adds a step, which runs in a later task of the owner. */
    public void add(Step step) {
        waiting.add(step);
        if (!scheduled) {
            scheduled = true;
            owner.execute(this::run);
        }
    }

    /**
     * Runs work in as many steps as it takes; the first one runs during the call.
     *
     * @return completes on the owner's thread when the work is done, or exceptionally when a step
     *         threw, which ends the work
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
     * The budget for a short action that runs at once; the caller adds a step for the work that is
     * left when it is spent.
     */
    public Budget direct() {
        return direct.begin();
    }

    /** Number of waiting steps. */
    public int size() {
        return waiting.size();
    }

    private void run() {
        budget.begin();
        int now = waiting.size();
        for (int left = now; left > 0 && !budget.isSpent(); left--) {
            Step step = waiting.remove();
            Guard.run("STP-001", "a step", () -> step.run(budget));
            budget.spend(0); // Ten thousand that find nothing to do are work too.
        }
        scheduled = !waiting.isEmpty();
        if (scheduled) {
            owner.executeLater(this::run);
        }
    }
}
