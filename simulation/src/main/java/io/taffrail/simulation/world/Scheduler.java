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
 * Runs the simulated threads of one life of the machine, one task at a time, in an order that the
 * dice decide. A task that waits for something has others run meanwhile, on top of it on the stack;
 * so does a task that uses a slow disk.
 */
public final class Scheduler implements FailStop.Handler {

    private static final int MAX_DEPTH = 12;
    private static final int MAX_STEPS_OF_A_WAIT = 200_000;
    private static final int STEPS_OF_A_LONG_WAIT = 100_000;

    private record Timer(long dueMs, long number, Runnable action) {}

    /** Which actor runs, and how deep on the stack. */
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
     *            whether the machine has died: then nothing runs any more
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

    /** Sets what helps a thread that waits for long, as the people do who look after a machine. */
    public void onLongWait(Runnable help) {
        onLongWait = help;
    }

    /** Sets what ends the machine where the process ends itself for a cause. */
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

    /** A task threw: kept, because whoever waits for its result may swallow it. */
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

    /** The process ends itself, which it has no reason to; a machine that dies is none. */
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

    /** Throws what a task threw. */
    public void requireNoFailure() {
        if (violation != null) {
            throw violation;
        }
    }

    /** Whether the running thread runs while another waits beneath it on the stack. */
    public boolean isNested() {
        return state.depth > 1;
    }

    /** Name of the running thread. */
    public String currentName() {
        Actor current = state.current;
        return current == null ? "main" : current.name();
    }

    /** Runs {@code action} when so much time has passed. */
    public void after(long delayMs, Runnable action) {
        timers.add(new Timer(clock.millis() + Math.max(1, delayMs), timerNumbers++, action));
    }

    /**
     * Lets something happen: a task of some thread, or else the next timer. False if nothing can.
     */
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
        while (!timers.isEmpty() && timers.peek().dueMs <= clock.millis()) {
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

    /** Lets time pass; timers that are due fire with the next step. */
    public void pass(long ms) {
        clock.moveTo(clock.millis() + ms);
    }

    /** The running thread takes so long: what is due meanwhile happens. */
    public void slow(long ms) {
        pass(ms);
        fireDue();
    }

    /**
     * Lets things happen until {@code done}.
     *
     * @throws Violation
     *             if that never comes
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

    /** As {@link #until(String, BooleanSupplier)}, but for so long at most; whether it is done. */
    public boolean until(String what, Duration patience, BooleanSupplier done) {
        boolean[] over = {false};
        after(patience.toMillis(), () -> over[0] = true);
        until(what, () -> over[0] || done.getAsBoolean());
        return done.getAsBoolean();
    }

    /**
     * A point at which the running thread may be slow: others run meanwhile, or nothing happens.
     *
     * @param among
     *            which threads may run; none that waits for the running one
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
