package io.taffrail.simulation.engine;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.Environment;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.SimOwner;
import io.taffrail.simulation.world.SimThreads;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The engine and its threads between a start and a crash or stop. */
final class Life {

    static final Path DIRECTORY = Path.of("/sim/data");
    private static final int OWNERS = 2;
    /** Threads that hold no lock while they force a segment or the checkpoint. */
    private static final Set<String> SLOW_THREADS = Set.of("taffrail-checkpoint",
            "taffrail-cleaner", "taffrail-background");

    /** Number of lease epochs reserved for one life. */
    private static final int LIFE_EPOCHS = 100;

    private final int number;
    private final SimDisk disk;
    private final Scheduler scheduler;
    private final LogEngine engine;
    private final List<SimOwner> owners = new ArrayList<>();
    private final Map<LogModel, WritableLog> handles = new HashMap<>();
    private final Trace trace;
    private boolean over;
    private int reopened;
    private int asked;
    private int answered;

    Life(int number, Engines engines, LocalLogConfig config, SimDisk disk, SimClock clock,
            Dice dice, Trace trace) {
        this.number = number;
        this.disk = disk;
        this.trace = trace;
        this.scheduler = new Scheduler(dice, clock, trace, disk::isDead);
        for (int i = 0; i < OWNERS; i++) {
            owners.add(new SimOwner(scheduler, "loop-" + i));
        }
        disk.slowness(this::slow);
        this.engine = engines.open(DIRECTORY, config,
                new Environment(disk, clock, new SimThreads(scheduler)));
    }

    private void slow(String file) {
        String thread = scheduler.currentName();
        if (SLOW_THREADS.contains(thread) && !file.endsWith(".journal")) {
            scheduler.preemption(6, name -> true);
        } else if (thread.equals("taffrail-journal")) {
            scheduler.preemption(4, name -> name.startsWith("loop-"));
        }
    }

    int number() {
        return number;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    LogEngine engine() {
        return engine;
    }

    SimDisk disk() {
        return disk;
    }

    SimOwner owner(LogModel log) {
        return owners.get(log.owner() % OWNERS);
    }

    /** True if the machine is dead: later answers do not count. */
    boolean isOver() {
        return over || disk.isDead();
    }

    /** Ends all faults and waits until every request is answered. */
    void settle() {
        disk.limitTo(Long.MAX_VALUE);
        disk.faults().heal();
        if (!disk.hasFailed()) {
            scheduler.until("all answers", () -> unanswered() == 0);
        }
    }

    /** Requires that, on a working disk, no log is quarantined and no background work fails. */
    void requireNoTrouble() {
        if (!disk.hasFailed() && !engine.quarantined().isEmpty()) {
            throw new Violation("a log fails with its disk only",
                    engine.quarantined().toString());
        }
        if (!disk.hasFailed() && !disk.hasBeenFull() && !engine.troubles().isEmpty()) {
            throw new Violation("background work fails for a cause only",
                    engine.troubles().toString());
        }
    }

    Trace trace() {
        return trace;
    }

    /** Waits until the owners are idle. The clients must have left. */
    void quiesce() {
        scheduler.until("owners to be idle", () -> owners.stream().allMatch(SimOwner::isIdle));
    }

    void asked() {
        asked++;
    }

    void answered() {
        answered++;
    }

    /** Number of appends whose durability has not been reported yet. */
    int unanswered() {
        return asked - answered;
    }

    void end() {
        over = true;
    }

    /** The handle of a log that was opened in this life, or {@code null}. */
    @Nullable
    WritableLog handle(LogModel log) {
        return handles.get(log);
    }

    /** Opens a log, and creates it if it does not exist. */
    void open(LogModel log) {
        trace.event("open", log + " " + log.options().durability(), 0, 0);
        var _ = engine
                .openForWrite(log.id(), new Lease("node", number * LIFE_EPOCHS + reopened),
                        log.options(), owner(log))
                .whenComplete((handle, failure) -> {
                    if (isOver()) {
                        return;
                    }
                    if (handle != null) {
                        handles.put(log, handle);
                        log.goesOnAt(handle.nextOffset());
                        if (log.existence() == LogModel.Existence.ASKED_FOR) {
                            log.existence(LogModel.Existence.CERTAIN);
                        }
                    } else if (!disk.hasFailed() && log.isUsable()) {
                        throw new Violation("a log can be opened", log + ": " + failure);
                    }
                });
    }

    /** Reopens an open log under a higher epoch. */
    void reopen(LogModel log) {
        reopened = Math.min(reopened + 1, LIFE_EPOCHS - 1);
        forget(log);
        open(log);
    }

    void forget(LogModel log) {
        handles.remove(log);
    }

    /** Converts the engine's refusal of a directory into a violation. */
    static Violation refused(LogFailedException e) {
        return new Violation("a crash leaves a directory that starts",
                String.valueOf(e.getMessage()), e);
    }
}
