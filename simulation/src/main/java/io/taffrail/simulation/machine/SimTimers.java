package io.taffrail.simulation.machine;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import io.taffrail.simulation.world.Scheduler;
import java.util.function.BooleanSupplier;

/** Timers of an owner; they drop due tasks once the machine is dead. */
public record SimTimers(Scheduler scheduler, Owner owner,
        BooleanSupplier isOver) implements Timers {

    @Override
    public Registration after(long delayMs, Runnable task) {
        boolean[] closed = {false};
        scheduler.after(delayMs, () -> {
            if (!closed[0] && !isOver.getAsBoolean()) {
                owner.execute(() -> {
                    if (!closed[0]) {
                        task.run();
                    }
                });
            }
        });
        return () -> closed[0] = true;
    }
}
