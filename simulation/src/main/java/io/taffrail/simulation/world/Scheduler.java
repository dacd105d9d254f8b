package io.taffrail.simulation.world;

import io.taffrail.log.guard.FailStop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Scheduler of the simulated threads in one life of the machine: runs one task at a time, in an
 * order that the dice decide. While a task waits or uses a slow disk, other tasks run on top of it
 * on the stack. Runs on the calling thread.
 */
public final class Scheduler implements FailStop.Handler {

    private static final int MAX_DEPTH = 12;
    private static final int MAX_STEPS_OF_A_WAIT = 200_000;
    private static final int STEPS_OF_A_LONG_WAIT = 100_000;

    private record Timer(long dueMs, long number, Runnable action) {}

    /** The running actor and the depth of nested tasks on the stack. */
    record State(@Nullable Actor current, int depth) {}

    private final Dice dice;
    private final SimClock clock;
    private final Trace trace;
    private final BooleanSupplier dead;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Actor> ready = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(
            Comparator.comparingLong(Timer::dueMs).thenComparingLong(Timer::number));
    private State state = new State(null, 0);
    private long timerNumbers;
    private Runnable onLongWait = () -> {};
    private Runnable onFailStop = () -> {};
    private @Nullable Violation violation;

    /**
     * @param dead
     *            true once the machine has died; no task runs after that
     */
    public Scheduler(Dice dice, SimClock clock, Trace trace, BooleanSupplier dead) {
        this.dice = dice;
        this.clock = clock;
        this.trace = trace;
        this.dead = dead;
    }

    void add(Actor actor) {
        actors.add(actor);
    }

    /** Sets an action that unblocks a thread that has waited for long, as an operator would. */
    public void onLongWait(Runnable help) {
        onLongWait = help;
    }

    /** Sets an action that ends the machine when the process fail-stops for an injected cause. */
    public void onFailStop(Runnable end) {
        onFailStop = end;
    }

    State enter(Actor actor) {
        State before = state;
        state = new State(actor, before.depth + 1);
        return before;
    }

    void leave(State before) {
        state = before;
    }

    boolean isCurrent(Actor actor) {
        return actor.equals(state.current);
    }

    Dice dice() {
        return dice;
    }

    /**
     * Records the exception of a task, because the waiter for the task's result may swallow it.
     * Returns the first one of this life.
     */
    Violation failed(String actor, Throwable cause) {
        Violation first = violation;
        if (first == null) {
            first = cause instanceof Violation it
                    ? it
                    : new Violation("no thread fails", actor + ": " + cause, cause);
            violation = first;
        }
        return first;
    }

    /**
     * Handles a fail-stop of the process. It is a violation unless it was injected or caused by the
     * death of the machine.
     */
    @Override
    public void stop(String reason, Throwable cause) {
        if (Mischief.isCauseOf(cause)) {
            onFailStop.run();
            throw new PowerCut();
        }
        if (!(cause instanceof PowerCut)) {
            throw failed(currentName(), cause);
        }
    }

    /** Throws the exception of a failed task, if there is one. */
    public void requireNoFailure() {
        if (violation != null) {
            throw violation;
        }
    }

    /** True if the running thread runs on top of a waiting one on the stack. */
    public boolean isNested() {
        return state.depth > 1;
    }

    /** Name of the running thread. */
    public String currentName() {
        Actor current = state.current;
        return current == null ? "main" : current.name();
    }

    /** Runs {@code action} after {@code delayMs} milliseconds of simulated time. */
    public void after(long delayMs, Runnable action) {
        timers.add(new Timer(clock.elapsedMs() + Math.max(1, delayMs), timerNumbers++, action));
    }

    /** Runs a ready task, or else the next timer; false if there is neither. */
    public boolean step() {
        if (dead.getAsBoolean()) {
            throw new PowerCut();
        }
        requireNoFailure();
        fireDue();
        ready.clear();
        for (Actor actor : actors) {
            if (actor.isReady()) {
                ready.add(actor);
            }
        }
        if (ready.isEmpty()) {
            return skipToTimer();
        }
        run(dice.pick(ready), ready.size());
        return true;
    }

    private void run(Actor actor, int candidates) {
        trace.event("run", actor.name(), candidates, state.depth);
        actor.runOne();
        actors.removeIf(it -> it.isEnding() && it.isIdle());
    }

    private void fireDue() {
        while (!timers.isEmpty() && timers.peek().dueMs <= clock.elapsedMs()) {
            Runnable action = timers.poll().action;
            try {
                action.run();
            } catch (RuntimeException | AssertionError | Violation e) {
                throw failed("timer", e);
            }
        }
    }

    private boolean skipToTimer() {
        Timer next = timers.peek();
        if (next == null) {
            return false;
        }
        clock.moveTo(next.dueMs);
        fireDue();
        return true;
    }

    /** Lets time pass; timers that become due fire with the next step. */
    public void pass(long ms) {
        clock.moveTo(clock.elapsedMs() + ms);
    }

    /** Lets time pass for the running thread; timers that become due fire at once. */
    public void slow(long ms) {
        pass(ms);
        fireDue();
    }

    /**
     * Runs steps until {@code done}.
     *
     * @throws Violation
     *             if {@code done} never becomes true
     */
    public void until(String what, BooleanSupplier done) {
        for (int steps = 0; !done.getAsBoolean(); steps++) {
            if (steps == STEPS_OF_A_LONG_WAIT) {
                onLongWait.run();
            }
            if (steps > MAX_STEPS_OF_A_WAIT || !step()) {
                throw failed(currentName(), new Violation("everything ends",
                        currentName() + " waits for ever: " + what));
            }
        }
    }

    /**
     * Runs steps as {@link #until(String, BooleanSupplier)} does, for at most {@code patience};
     * returns true if {@code done}.
     */
    public boolean until(String what, Duration patience, BooleanSupplier done) {
        boolean[] over = {false};
        after(patience.toMillis(), () -> over[0] = true);
        until(what, () -> over[0] || done.getAsBoolean());
        return done.getAsBoolean();
    }

    /**
     * A point at which the running thread may be preempted by others.
     *
     * @param steps
     *            largest number of tasks to run
     * @param among
     *            selects the threads that may run; none of them may wait for the running one
     */
    public void preemption(int steps, Predicate<String> among) {
        if (state.depth >= MAX_DEPTH) {
            return;
        }
        for (int i = dice.below(steps + 1); i > 0 && !dead.getAsBoolean(); i--) {
            List<Actor> may = actors.stream()
                    .filter(it -> it.isReady() && among.test(it.name())).toList();
            if (may.isEmpty()) {
                return;
            }
            run(dice.pick(may), may.size());
        }
    }
}
