package io.taffrail.log.local.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class PlatformLoopTest {

    /**
     * The turn consumes the permit, as a turn does that waits for a lock released together
     * with the signal.
     */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void keepsASignalWhosePermitTheTurnUsedUp() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch signalled = new CountDownLatch(1);
        AtomicInteger turns = new AtomicInteger();
        Loop loop = PlatformLoop.start("test", () -> {
            if (turns.incrementAndGet() > 1) {
                return Loop.Next.END;
            }
            begun.countDown();
            while (signalled.getCount() > 0) {
                Thread.onSpinWait();
            }
            LockSupport.park();
            return Loop.Next.SLEEP;
        });
        begun.await();
        loop.signal();
        signalled.countDown();
        assertThat(loop.join(Duration.ofMinutes(1))).isTrue();
    }
}
