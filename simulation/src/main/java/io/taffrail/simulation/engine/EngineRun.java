package io.taffrail.simulation.engine;

import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.util.List;

/**
 * A run of the engine: several lives of a machine, each with random work and a random end.
 * After each start, all promises are checked.
 */
public final class EngineRun implements Run {

    private final EngineLives lives;

    public EngineRun(long seed) {
        this(seed, LocalLogEngine::open);
    }

    /** Creates a run with another engine in place of the real one. */
    public EngineRun(long seed, Engines engines) {
        this(new EngineLives(seed, engines));
    }

    EngineRun(EngineLives lives) {
        this.lives = lives;
    }

    @Override
    public Trace trace() {
        return lives.trace();
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < lives.scenario().lives(); i++) {
                live();
            }
            lives.stop(lives.start());
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    private void live() {
        Life life = lives.start();
        Dice dice = lives.dice();
        SimDisk disk = lives.disk();
        if (lives.isStale() && dice.flip()) {
            // The content that a start has shown is a promise, even if that life did nothing else.
            life.end();
            lives.crash(false);
            return;
        }
        if (dice.flip()) {
            disk.dieAt(disk.operations() + dice.between(1, dice.pick(List.of(8, 60, 400))));
        }
        try {
            new EngineSession(lives, life).work(dice.between(5, 120), true);
            if (dice.oneIn(3)) {
                life.settle();
                lives.stop(life);
                return;
            }
        } catch (PowerCut e) {
            lives.trace().event("died", "", disk.operations(), 0);
        }
        life.end();
        lives.crash(dice.oneIn(3));
    }
}
