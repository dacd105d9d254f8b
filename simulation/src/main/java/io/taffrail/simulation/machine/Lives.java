package io.taffrail.simulation.machine;

import io.taffrail.log.LogFailedException;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.disk.Survival;
import io.taffrail.simulation.disk.Weather;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * A run of several lives of a machine. Each life begins on the disk that the last one left,
 * with clients that act at random, and ends with a clean stop, a kill or a power cut. The state is
 * checked at random times and at the end.
 */
public abstract class Lives<M extends Machine> implements Run {

    private static final int TRIES_TO_START = 20;
    /** The last attempts are undisturbed, so that one of them succeeds. */
    private static final int CALM_TRIES = 5;

    private final Dice dice;
    private final Trace trace;
    private final SimDisk disk;
    private final MachineWorkload<M> workload;
    private final Setting setting;
    private int lives;

    protected Lives(long seed, Function<World, MachineWorkload<M>> workloads) {
        World world = World.of(seed);
        this.dice = world.dice();
        this.trace = world.trace();
        this.disk = world.disk();
        this.workload = workloads.apply(world);
        this.setting = workload.setting();
    }

    @Override
    public final Trace trace() {
        return trace;
    }

    @Override
    public final void run() {
        try {
            for (int i = 0; i < setting.lives(); i++) {
                live();
            }
            last();
            last();
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    /**
     * A life without disturbances. The disk works from the start on, because a machine may end
     * later because of a force that failed during its start.
     */
    private void last() {
        M machine = start(false);
        try {
            workload.checkLast(machine);
            stop(machine);
        } catch (PowerCut e) {
            machine.requireDiskToBlame();
            throw new Violation("a machine is there until it is stopped", "it died", e);
        }
        crash(dice.flip());
    }

    private void live() {
        M machine = start(setting.failures());
        boolean killed = dice.oneIn(3);
        if (dice.flip()) {
            disk.dieAt(disk.operations() + dice.between(1, dice.pick(List.of(8, 60, 400))));
        }
        try {
            Clients clients = workload.clients(machine);
            work(machine, clients);
            if (dice.flip()) {
                rest(machine, clients);
            }
        } catch (PowerCut e) {
            trace.event("died", "", disk.operations(), 0);
            machine.requireDiskToBlame();
        } catch (LogFailedException | CompletionException | Violation e) {
            Weather.requireBlame(disk, e);
        }
        machine.end();
        crash(killed);
    }

    private void work(M machine, Clients clients) {
        LifePace pace = workload.pace();
        Weather weather = new Weather(disk, dice, setting.failures(), setting.full());
        for (int i = dice.between(pace.least(), pace.most()); i > 0; i--) {
            weather.next();
            machine.requireNoQuarantine();
            clients.something();
            for (int steps = dice.below(pace.steps()); steps > 0; steps--) {
                machine.scheduler().step();
            }
            machine.scheduler().pass(dice.below(dice.oneIn(pace.pauseOnceIn())
                    ? pace.pauseMs()
                    : pace.breathMs()));
        }
        machine.scheduler().requireNoFailure();
    }

    private void rest(M machine, Clients clients) {
        Weather.clear(disk);
        clients.leave();
        if (dice.flip()) {
            check(machine);
        }
        if (dice.flip()) {
            stop(machine);
        }
    }

    private void check(M machine) {
        if (!disk.hasFailed()) {
            workload.check(machine);
        }
    }

    private void stop(M machine) {
        machine.stop();
        trace.event("stopped", "", 0, 0);
        if (!disk.hasFailed()) {
            workload.stopped();
        }
    }

    private M start(boolean failures) {
        for (int tries = 0; tries < TRIES_TO_START; tries++) {
            if (tries + CALM_TRIES < TRIES_TO_START) {
                Weather.duringStart(disk, dice, failures);
            }
            try {
                M machine = workload.start(++lives);
                disk.faults().heal();
                disk.dieAt(Long.MAX_VALUE);
                if (dice.oneIn(3)) {
                    check(machine);
                }
                machine.scheduler().requireNoFailure();
                return machine;
            } catch (PowerCut e) {
                crash(dice.flip());
            } catch (LogFailedException | CompletionException | Violation e) {
                Weather.requireBlame(disk, e);
                crash(dice.flip());
            }
        }
        throw new Violation("a crash leaves a directory that starts", "not in many tries");
    }

    private void crash(boolean killed) {
        disk.die();
        if (killed || !workload.mayLosePower()) {
            disk.processKilled();
        } else {
            disk.powerCut(dice.pick(List.of(Survival.values())));
        }
        workload.machineDied();
    }
}
