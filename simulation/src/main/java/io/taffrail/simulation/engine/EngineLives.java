package io.taffrail.simulation.engine;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.disk.Survival;
import io.taffrail.simulation.engine.LogModel.Existence;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The lives of a machine: starts it, ends it cleanly or not, and checks all promises
 * after each start.
 */
final class EngineLives {

    private static final int TRIES_TO_START = 20;

    private final Engines engines;
    private final Dice dice;
    private final Trace trace = new Trace();
    private final SimClock clock = new SimClock();
    private final SimDisk disk;
    private final Scenario scenario;
    private final EngineHistory history = new EngineHistory();
    private int lives;
    private boolean failed;
    private boolean stale;
    private boolean quiet;
    private boolean damageAllowed;

    EngineLives(long seed, Engines engines) {
        this(seed, engines, false);
    }

    /**
     * Creates the lives of a seed.
     *
     * @param changing
     *            true if the durability of logs changes at times
     */
    EngineLives(long seed, Engines engines, boolean changing) {
        this.engines = engines;
        this.dice = new Dice(seed);
        this.disk = new SimDisk(dice.split(), trace);
        this.scenario = Scenario.of(dice, changing);
    }

    /**
     * True if the page cache may differ from the disk in a way that no force repairs: a force
     * failed and the process was killed afterwards.
     */
    boolean isStale() {
        return stale;
    }

    /** Ends all disturbances except those that the run itself makes. */
    void leaveAlone() {
        quiet = true;
    }

    /** Accepts reports of damage from logs from now on. */
    void allowDamage() {
        damageAllowed = true;
    }

    Dice dice() {
        return dice;
    }

    Trace trace() {
        return trace;
    }

    SimClock clock() {
        return clock;
    }

    SimDisk disk() {
        return disk;
    }

    Scenario scenario() {
        return scenario;
    }

    EngineHistory history() {
        return history;
    }

    /** Starts the machine, retrying if it dies during the start, and checks all promises. */
    Life start() {
        for (int tries = 0; tries < TRIES_TO_START; tries++) {
            disturb(tries);
            try {
                Life life = new Life(++lives, engines, scenario.config(), disk, clock,
                        dice.split(), trace);
                openAll(life);
                check(life);
                calm();
                return life;
            } catch (PowerCut e) {
                crash(dice.flip());
            } catch (LogFailedException e) {
                if (!disk.isDead() && !disk.hasFailed() && !disk.hasBeenFull()) {
                    throw Life.refused(e);
                }
                crash(dice.flip());
            } catch (Violation e) {
                if (!disk.hasFailed()) {
                    throw e;
                }
                crash(dice.flip());
            }
        }
        throw new Violation("a crash leaves a directory that starts", "not in many tries");
    }

    /** Lets the machine die, or an operation fail, during the start. */
    private void disturb(int tries) {
        if (!quiet && tries + 5 < TRIES_TO_START) {
            if (dice.oneIn(4)) {
                disk.dieAt(disk.operations() + dice.between(1, 60));
            }
            if (scenario.failures() && dice.oneIn(4)) {
                disk.faults().failSome(1, dice.between(1, 60));
            }
        }
    }

    private void calm() {
        disk.faults().heal();
        if (!quiet) {
            disk.dieAt(Long.MAX_VALUE);
        }
    }

    private void openAll(Life life) {
        Set<LogId> present = life.engine().logs();
        Set<LogId> expected = new HashSet<>();
        for (LogModel log : history.logs()) {
            boolean there = present.contains(log.id());
            switch (log.existence()) {
                case ASKED_FOR -> log.existence(there ? Existence.CERTAIN : Existence.ASKED_FOR);
                case GOING -> log.existence(there ? Existence.CERTAIN : Existence.GONE);
                case CERTAIN -> {
                    if (!there && !log.is(Durability.MEMORY)) {
                        throw new Violation("a log that was made is there", log + " is gone");
                    }
                }
                case GONE -> {
                    if (there) {
                        throw new Violation("a deleted log is gone", log + " is back");
                    }
                }
            }
            if (log.existence() != Existence.GONE) {
                expected.add(log.id());
                if (log.isChanging() && dice.oneIn(4)) {
                    log.changeDurability();
                }
                life.open(log);
            }
        }
        if (!expected.containsAll(present)) {
            throw new Violation("no log comes from nowhere", present + ", expected " + expected);
        }
        life.scheduler().until("logs to open", () -> history.logs().stream()
                .allMatch(it -> it.existence() == Existence.GONE || life.handle(it) != null));
    }

    /** Checks that everything is as promised; content that was read now becomes a promise, too. */
    private void check(Life life) {
        for (LogModel log : history.logs()) {
            WritableLog handle = life.handle(log);
            if (handle == null) {
                continue;
            }
            if (log.isAlwaysForced()) {
                log.startIs(handle.startOffset());
            } else {
                log.startWas(handle.startOffset());
            }
            if (handle.durableEnd() != handle.nextOffset()) {
                throw new Violation("everything recovered is durable", log + " ends at "
                        + handle.durableEnd() + ", goes on at " + handle.nextOffset());
            }
            log.cutTo(handle.durableEnd());
            String damage = LogCheck.damage(log, handle, handle.startOffset(),
                    !life.disk().hasFailed());
            if (!damage.isEmpty() && !log.isLossy() && !damageAllowed) {
                throw new Violation("what is stored can be read", log + ": " + damage);
            }
        }
        history.commits().forEach(CommitModel::requireWholeOrAbsent);
        history.meta().check(life.engine().metaStore());
        life.scheduler().requireNoFailure();
    }

    void stop(Life life) {
        life.quiesce();
        life.end();
        try {
            life.engine().close();
        } catch (LogFailedException e) {
            if (!disk.hasFailed()) {
                throw new Violation("an engine closes", String.valueOf(e.getMessage()), e);
            }
        }
        crash(dice.flip());
    }

    void crash(boolean killed) {
        failed |= disk.hasFailed();
        stale = killed && (stale || disk.hasFailed());
        disk.die();
        if (killed) {
            disk.processKilled();
        } else {
            powerCut();
        }
        processEnded();
    }

    private void powerCut() {
        disk.powerCut(dice.pick(List.of(Survival.values())));
        history.logs().forEach(LogModel::powerCut);
    }

    private void processEnded() {
        history.logs().forEach(it -> it.processEnded(failed));
    }
}
