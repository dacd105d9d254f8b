package io.taffrail.simulation.engine;

import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;

/**
 * A short life from a new directory to a clean stop, repeated with the machine's death at a given
 * disk operation. A sweep over the numbers makes every operation the last one once.
 */
public final class SweepRun implements Run {

    private static final int WORK = 40;

    private final EngineLives lives;
    private final long dieAt;
    private boolean died;

    /**
     * @param dieAt
     *            number of the disk operation at which the machine dies, from 1
     */
    public SweepRun(long seed, long dieAt) {
        this.lives = new EngineLives(seed, LocalLogEngine::open);
        this.dieAt = dieAt;
        lives.leaveAlone();
    }

    /** True if the life was long enough for the machine to die. */
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
            new EngineSession(lives, life).work(WORK, false);
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
