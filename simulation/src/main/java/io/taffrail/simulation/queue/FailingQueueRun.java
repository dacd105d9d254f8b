package io.taffrail.simulation.queue;

import io.taffrail.simulation.machine.Lives;

/**
 * A run of a virtual host in which code throws, once in a life at most. Where it may is for whoever
 * loads the classes to say: see {@link io.taffrail.simulation.world.Mischief}.
 */
public final class FailingQueueRun extends Lives<QueueMachine> {

    public FailingQueueRun(long seed) {
        super(seed, world -> new QueueWorkload(world, true));
    }
}
