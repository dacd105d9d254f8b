package io.taffrail.simulation.world;

import io.taffrail.log.local.thread.Worker;
import java.time.Duration;

/** A simulated thread that accepts tasks: an event loop or a worker of the engine. */
public final class SimOwner extends Actor implements Worker {

    private boolean abandoned;

    public SimOwner(Scheduler scheduler, String name) {
        super(scheduler, name);
    }

    @Override
    public boolean isCurrent() {
        return scheduler().isCurrent(this);
    }

    @Override
    public void execute(Runnable task) {
        post(task);
    }

    @Override
    public void every(Duration pause, Runnable task) {
        scheduler().after(pause.toMillis(), () -> {
            if (!isEnding()) {
                post(() -> {
                    task.run();
                    every(pause, task);
                });
            }
        });
    }

    @Override
    public boolean end(Duration patience) {
        ending();
        return scheduler().until(name() + " to end", patience, () -> abandoned || isIdle());
    }

    @Override
    public void abandon() {
        abandoned = true;
        drop();
    }
}
