package io.taffrail.simulation.engine;

import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Trace;

/**
 * A run of the engine in which logs change between durability {@code os} and {@code fsync} at any
 * time, including while the disk is full or fails.
 */
public final class DurabilityRun implements Run {

    private final EngineRun run;

    public DurabilityRun(long seed) {
        this.run = new EngineRun(new EngineLives(seed, LocalLogEngine::open, true));
    }

    @Override
    public Trace trace() {
        return run.trace();
    }

    @Override
    public void run() {
        run.run();
    }
}
