package io.taffrail.broker.queue;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.spi.Owner;
import java.time.InstantSource;

/** What queues need of their virtual host. */
public interface QueueContext {

    Owner owner();

    /** What is stored together. */
    Turn turn();

    InstantSource clock();

    Timers timers();

    /** The queue's last consumer has left. */
    void unused(Queue queue);
}
