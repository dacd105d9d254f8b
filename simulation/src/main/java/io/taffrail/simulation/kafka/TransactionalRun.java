package io.taffrail.simulation.kafka;

import io.taffrail.simulation.machine.Lives;

/** One run of a broker with transactional producers from one seed. */
public final class TransactionalRun extends Lives<HeadMachine> {

    public TransactionalRun(long seed) {
        super(seed, TransactionalWorkload::new);
    }
}
