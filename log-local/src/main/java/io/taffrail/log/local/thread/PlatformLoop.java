package io.taffrail.log.local.thread;

import io.taffrail.log.guard.FailStop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A loop on a platform thread that parks between turns. Signals use a flag besides the thread's
 * park permit, because a turn that waits for a lock may consume the permit.
 */
final class PlatformLoop implements Loop {

    private final Thread thread;
    private final AtomicBoolean signalled = new AtomicBoolean();

    private PlatformLoop(String name, Turn turn) {
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(() -> guarded(turn));
    }

    /**
     * Runs the loop; an exception ends the process, because other components depend on the loop.
     */
    private void guarded(Turn turn) {
        try {
            run(turn);
        } catch (Throwable e) {
            throw FailStop.now("the loop " + thread.getName() + " is lost: " + e, e);
        }
    }

    static PlatformLoop start(String name, Turn turn) {
        PlatformLoop loop = new PlatformLoop(name, turn);
        loop.thread.start();
        return loop;
    }

    private void run(Turn turn) {
        while (true) {
            switch (turn.take()) {
                case AGAIN -> {
                }
                case SLEEP -> {
                    while (!signalled.getAndSet(false)) {
                        LockSupport.park(turn);
                    }
                }
                case NAP -> {
                    if (!signalled.getAndSet(false)) {
                        LockSupport.parkNanos(turn, NAP.toNanos());
                    }
                }
                case END -> {
                    return;
                }
            }
        }
    }

    @Override
    public void signal() {
        signalled.set(true);
        LockSupport.unpark(thread);
    }

    @Override
    public boolean join(Duration patience) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return thread.join(patience);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
