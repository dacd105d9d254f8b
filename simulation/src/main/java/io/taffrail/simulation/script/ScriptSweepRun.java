package io.taffrail.simulation.script;

import io.taffrail.simulation.script.ScriptRun.End;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;

/**
 * One script, repeated with an end of the machine at each operation of its disk. The seed decides
 * which script, how the machine ends and what survives: eight seeds in a row cover all of them.
 */
public final class ScriptSweepRun implements Run {

    private static final int SCRIPTS = 4;
    /** A script with fewer operations of the disk does not do what it says. */
    private static final long LEAST_OPERATIONS = 20;

    private final long seed;
    private Trace trace = new Trace();

    public ScriptSweepRun(long seed) {
        this.seed = seed;
    }

    private Script script() {
        return switch ((int) Math.floorMod(seed, (long) SCRIPTS)) {
            case 0 -> new TopicScript();
            case 1 -> new QueueScript();
            case 2 -> new SettlingScript(false);
            default -> new SettlingScript(true);
        };
    }

    private End end() {
        return Math.floorMod(seed / SCRIPTS, 2L) == 0 ? End.KILL : End.POWER_CUT;
    }

    @Override
    public Trace trace() {
        return trace;
    }

    @Override
    public void run() {
        boolean hit = true;
        long operation = 0;
        while (hit) {
            operation++;
            ScriptRun run = new ScriptRun(seed, script(), end(), operation);
            trace = run.trace();
            trace.event("sweep", script() + " " + end(), operation, 0);
            run.run();
            hit = run.wasHit();
        }
        if (operation < LEAST_OPERATIONS) {
            throw new Violation("a script uses the disk", script() + ": " + operation);
        }
    }
}
