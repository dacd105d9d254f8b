package io.taffrail.simulation.amqp;

import io.taffrail.simulation.machine.Lives;

/** One run of a virtual host with the AMQP head from one seed. */
public final class AmqpRun extends Lives<AmqpMachine> {

    public AmqpRun(long seed) {
        super(seed, SimulatedAmqpWorkload::new);
    }
}
