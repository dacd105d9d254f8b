package io.taffrail.simulation.queue;

import io.taffrail.simulation.machine.Lives;

/** One run of a virtual host from one seed. */
public final class QueueRun extends Lives<QueueMachine> {

    public QueueRun(long seed) {
        super(seed, world -> new QueueWorkload(world, false));
    }
}
