package io.taffrail.simulation.world;

import io.taffrail.log.local.thread.Loop;
import java.time.Duration;
import java.util.function.IntSupplier;

/** A loop whose turns are tasks of a simulated thread. */
final class SimLoop extends Actor implements Loop {

    private final Turn turn;
    private final IntSupplier lateMs;
    private boolean due;
    private boolean ended;

    SimLoop(Scheduler scheduler, String name, Turn turn, IntSupplier lateMs) {
        super(scheduler, name);
        this.turn = turn;
        this.lateMs = lateMs;
        signal();
    }

    @Override
    public void signal() {
        if (!due && !ended) {
            due = true;
            int late = lateMs.getAsInt();
            if (late > 0) {
                scheduler().after(late, () -> post(this::take));
            } else {
                post(this::take);
            }
        }
    }

    private void take() {
        due = false;
        switch (turn.take()) {
            case AGAIN -> signal();
            case SLEEP -> {
            }
            case NAP -> scheduler().after(NAP.toMillis(), this::signal);
            case END -> {
                ended = true;
                ending();
            }
        }
    }

    @Override
    public boolean join(Duration patience) {
        return scheduler().until(name() + " to end", patience, () -> ended);
    }
}
