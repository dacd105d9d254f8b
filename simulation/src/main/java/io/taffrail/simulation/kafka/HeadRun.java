package io.taffrail.simulation.kafka;

import io.taffrail.simulation.machine.Lives;

/** One run of a broker with the Kafka head from one seed. */
public final class HeadRun extends Lives<HeadMachine> {

    public HeadRun(long seed) {
        super(seed, HeadWorkload::new);
    }
}
