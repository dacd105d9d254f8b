package io.taffrail.broker.outbox;

import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Owner threads that a test can stop all at once after a number of tasks. */
final class Loops implements AutoCloseable {

    private static final int PATIENCE_S = 30;

    private final List<Loop> loops = new ArrayList<>();
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private final CountDownLatch dead = new CountDownLatch(1);

    /** One owner thread. */
    final class Loop implements Owner {

        private final OwnerThread thread = new OwnerThread();

        @Override
        public boolean isCurrent() {
            return thread.isCurrent();
        }

        @Override
        public void execute(Runnable command) {
            thread.execute(() -> {
                if (left.getAndDecrement() > 0) {
                    command.run();
                } else {
                    dead.countDown();
                }
            });
        }

        OwnerThread thread() {
            return thread;
        }
    }

    Loops(int count) {
        for (int index = 0; index < count; index++) {
            loops.add(new Loop());
        }
    }

    List<Owner> owners() {
        return List.copyOf(loops);
    }

    /** Stops all threads after this many more tasks. */
    void dieAfter(int tasks) {
        left.set(tasks);
    }

    /**
     * Waits until the threads have stopped, or {@code done} holds, which a task of one of them
     * makes true.
     */
    void awaitQuiet(BooleanSupplier done) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!isDead() && !done.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("neither dead nor done after " + PATIENCE_S + " s");
            }
            loops.forEach(loop -> loop.thread.run(() -> {}));
        }
    }

    /** Whether the threads have stopped. */
    boolean isDead() {
        return dead.getCount() == 0;
    }

    /** Stops all threads; returns when running tasks have ended. */
    void kill() {
        left.set(0);
        loops.forEach(loop -> loop.thread.run(() -> {}));
    }

    @Override
    public void close() {
        loops.forEach(loop -> loop.thread.close());
    }
}
