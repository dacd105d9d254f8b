package io.taffrail.broker.outbox;

import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Threads of owners that a test can stop all at once, after so many tasks. */
final class Loops implements AutoCloseable {

    private static final int PATIENCE_S = 30;

    private final List<Loop> loops = new ArrayList<>();
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private final CountDownLatch dead = new CountDownLatch(1);

    /** One of them. */
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

    /** After so many more tasks no other one runs. */
    void dieAfter(int tasks) {
        left.set(tasks);
    }

    /**
     * Waits until that has happened, or {@code done} holds, which is made so by a task of one of
     * these threads.
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

    /** Whether it has come to that. */
    boolean isDead() {
        return dead.getCount() == 0;
    }

    /** Nothing runs any more; returns when what was running has ended. */
    void kill() {
        left.set(0);
        loops.forEach(loop -> loop.thread.run(() -> {}));
    }

    @Override
    public void close() {
        loops.forEach(loop -> loop.thread.close());
    }
}
