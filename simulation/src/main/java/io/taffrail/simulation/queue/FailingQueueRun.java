package io.taffrail.simulation.queue;

import io.taffrail.simulation.machine.Lives;

/**
 * A run of a virtual host whose code throws at most once per life. The loader of the classes
 * determines the points: see {@link io.taffrail.simulation.world.Mischief}.
 */
public final class FailingQueueRun extends Lives<QueueMachine> {

    public FailingQueueRun(long seed) {
        super(seed, world -> new QueueWorkload(world, true));
    }
}
