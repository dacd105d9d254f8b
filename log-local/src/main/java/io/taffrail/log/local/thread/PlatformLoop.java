package io.taffrail.log.local.thread;

import java.util.concurrent.locks.LockSupport;

/** A loop on a platform thread, which parks between turns. */
final class PlatformLoop implements Loop {

    private final Thread thread;

    private PlatformLoop(String name, Turn turn) {
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(() -> run(turn));
    }

    static PlatformLoop start(String name, Turn turn) {
        PlatformLoop loop = new PlatformLoop(name, turn);
        loop.thread.start();
        return loop;
    }

    private static void run(Turn turn) {
        while (true) {
            switch (turn.take()) {
                case AGAIN -> {
                }
                case SLEEP -> LockSupport.park(turn);
                case NAP -> LockSupport.parkNanos(turn, NAP.toNanos());
                case END -> {
                    return;
                }
            }
        }
    }

    @Override
    public void signal() {
        LockSupport.unpark(thread);
    }

    @Override
    public void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
