package io.taffrail.simulation.machine;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.Environment;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.disk.Weather;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.SimOwner;
import io.taffrail.simulation.world.SimThreads;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine and the event loop of its clients between a start and a crash or stop. Each kind of run
 * adds the services.
 */
public abstract class Machine {

    private static final Path DIRECTORY = Path.of("/sim/data");
    private static final String JOURNAL = "taffrail-journal";
    /** Threads that hold no lock while they force a segment or the checkpoint. */
    private static final Set<String> SLOW_THREADS = Set.of("taffrail-checkpoint",
            "taffrail-cleaner", "taffrail-background");

    private final int number;
    private final World world;
    private final Dice dice;
    private final Scheduler scheduler;
    private final SimOwner owner;
    private final LogEngine engine;
    private @Nullable Violation unfounded;
    private boolean over;

    /**
     * Starts the engine.
     *
     * @param number
     *            number of the life, from 1
     */
    protected Machine(int number, World world, Setting setting) {
        this.number = number;
        this.world = world;
        this.dice = world.dice().split();
        SimDisk disk = world.disk();
        this.scheduler = new Scheduler(dice.split(), world.clock(), world.trace(), disk::isDead);
        this.owner = new SimOwner(scheduler, "loop-0");
        disk.slowness(this::slow);
        scheduler.onLongWait(() -> Weather.clear(disk));
        LocalLogEngine local = LocalLogEngine.open(DIRECTORY, setting.config(), new Environment(
                disk, world.clock(), new SimThreads(scheduler, slowness(dice.split()))));
        local.onFailure(this::failed);
        this.engine = new SmallLogs(local, setting.segmentBytes());
    }

    /** Ends the process after a failure that only a restart recovers from. */
    private void failed(LogFailedException cause) {
        if (!disk().hasFailed() && !disk().hasBeenFull() && !disk().isDead()) {
            unfounded = reason(cause);
        }
        disk().die();
    }

    /** Returns the violation that a component found if that caused the failure. */
    private static Violation reason(LogFailedException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Violation found) {
                return found;
            }
        }
        return new Violation("an engine fails with its disk only", failure.toString(), failure);
    }

    /** Throws the reason why the machine ended, unless it was the disk. */
    final void requireDiskToBlame() {
        if (unfounded != null) {
            throw unfounded;
        }
    }

    /**
     * Requires that a log is quarantined only if the disk failed. An operator has to act then;
     * here the process is restarted.
     */
    public final void requireNoQuarantine() {
        if (!engine.quarantined().isEmpty()) {
            if (!disk().hasFailed()) {
                throw new Violation("a log fails with its disk only",
                        engine.quarantined().toString());
            }
            disk().die();
        }
    }

    /** In half of the lives the journal is slow, so that many appends wait for it. */
    private static IntSupplier slowness(Dice dice) {
        boolean slow = dice.flip();
        return () -> slow && dice.flip() ? dice.below(15) : 0;
    }

    private void slow(String file) {
        String thread = scheduler.currentName();
        if (thread.equals(JOURNAL)
                || (SLOW_THREADS.contains(thread) && !file.endsWith(".journal"))) {
            for (int pauses = dice.below(3); pauses >= 0 && !disk().isDead(); pauses--) {
                scheduler.preemption(4, name -> name.startsWith("loop-"));
                scheduler.slow(dice.below(4));
            }
        }
    }

    public final int number() {
        return number;
    }

    public final Trace trace() {
        return world.trace();
    }

    public final SimDisk disk() {
        return world.disk();
    }

    public final SimClock clock() {
        return world.clock();
    }

    public final long nowMs() {
        return clock().millis();
    }

    /** The latest time of day so far, which the clock may have been set back from. */
    public final long latestMs() {
        return clock().latestMs();
    }

    public final Scheduler scheduler() {
        return scheduler;
    }

    public final SimOwner owner() {
        return owner;
    }

    public final LogEngine engine() {
        return engine;
    }

    protected final Dice dice() {
        return dice;
    }

    /** True if the machine is dead: later answers do not count. */
    public final boolean isOver() {
        return over || disk().isDead();
    }

    /** Ends the life: answers that arrive later do not count. */
    public final void end() {
        over = true;
    }

    /** Makes a request on the loop and runs steps until it is answered. */
    public final <T> T ask(String what, Supplier<CompletableFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        owner.execute(() -> {
            var _ = question.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        });
        return await(what, answer);
    }

    /** Runs steps until a future is complete; requires that it succeeds. */
    protected final <T> T await(String what, CompletableFuture<T> answer) {
        scheduler.until(what, answer::isDone);
        if (disk().isDead()) {
            throw new PowerCut();
        }
        if (answer.isCompletedExceptionally()) {
            throw new Violation("nothing is refused without cause",
                    what + ": " + answer.exceptionNow(), answer.exceptionNow());
        }
        return answer.join();
    }

    /** Stops cleanly. The clients must have left. */
    public final void stop() {
        stopServing();
        scheduler.until("the loop to be idle", owner::isIdle);
        end();
        engine.close();
    }

    /** Stops the services that use the engine. */
    protected abstract void stopServing();
}
