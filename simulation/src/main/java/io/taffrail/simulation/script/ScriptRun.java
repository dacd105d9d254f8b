package io.taffrail.simulation.script;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.disk.Survival;
import io.taffrail.simulation.disk.Weather;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.World;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * A script on a broker that ends at a given operation of the disk. Two starts follow, after which
 * the promises are checked. A sweep over the numbers ends the machine at every operation.
 */
public final class ScriptRun implements Run {

    private static final Setting SETTING = new Setting(new LocalLogConfig(new ByteSize(32 << 10),
            new ByteSize(8 << 10), Duration.ofMillis(500), new ByteSize(1 << 20), 8,
            Duration.ofMillis(500), new ByteSize(64 << 10)), 3 << 10, 1, false, false);

    /** The way in which the machine ends. */
    public enum End {
        /** The process is killed; what it wrote is in the page cache. */
        KILL,
        /** The power is cut; what is not forced survives as the dice decide. */
        POWER_CUT
    }

    private final World world;
    private final Script script;
    private final End end;
    private final long at;
    private boolean hit;
    private int lives;

    /**
     * @param at
     *            number of the operation, from 1 for the first one of the script
     */
    public ScriptRun(long seed, Script script, End end, long at) {
        this.world = World.of(seed);
        this.script = script;
        this.end = end;
        this.at = at;
    }

    /** True if the script was long enough for the machine to end. */
    public boolean wasHit() {
        return hit;
    }

    @Override
    public Trace trace() {
        return world.trace();
    }

    @Override
    public void run() {
        try {
            ScriptMachine machine = start();
            script.prepare(machine);
            machine.rest();
            SimDisk disk = world.disk();
            disk.dieAt(disk.operations() + at);
            try {
                script.play(machine);
                machine.stop();
            } catch (PowerCut e) {
                hit = true;
            } catch (LogFailedException | CompletionException | Violation e) {
                Weather.requireBlame(disk, e);
                hit = true;
            }
            machine.end();
            crash();
            restart();
            restart();
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    private ScriptMachine start() {
        return new ScriptMachine(++lives, SETTING, world);
    }

    private void restart() {
        ScriptMachine machine = start();
        script.check(machine);
        machine.scheduler().requireNoFailure();
        machine.requireNoQuarantine();
        machine.stop();
        crash();
    }

    private void crash() {
        world.disk().die();
        if (end == End.KILL) {
            world.disk().processKilled();
        } else {
            world.disk().powerCut(world.dice().pick(List.of(Survival.values())));
        }
    }
}
