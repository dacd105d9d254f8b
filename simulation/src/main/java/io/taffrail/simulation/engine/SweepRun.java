package io.taffrail.simulation.engine;

import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;

/**
 * The same short life again, from a new directory to a clean stop, which ends at a given operation
 * of the disk; so every one of them can be the last.
 */
public final class SweepRun implements Run {

    private static final int WORK = 40;

    private final Lives lives;
    private final long dieAt;
    private boolean died;

    /**
     * @param dieAt
     *            number of the disk's operation with which the machine dies, from 1
     */
    public SweepRun(long seed, long dieAt) {
        this.lives = new Lives(seed, LocalLogEngine::open);
        this.dieAt = dieAt;
        lives.leaveAlone();
    }

    /** Whether the life was long enough to end there. */
    public boolean hasDied() {
        return died;
    }

    @Override
    public Trace trace() {
        return lives.trace();
    }

    @Override
    public void run() {
        try {
            lives.disk().dieAt(dieAt);
            liveOnce();
            lives.stop(lives.start());
            lives.stop(lives.start());
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    private void liveOnce() {
        Life life = lives.start();
        try {
            new Session(lives, life).work(WORK, false);
            life.settle();
            lives.stop(life);
            died = lives.disk().operations() > dieAt;
        } catch (PowerCut e) {
            died = true;
            life.end();
            lives.crash(lives.dice().oneIn(3));
        }
    }
}
