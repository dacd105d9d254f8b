package io.taffrail.broker.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginsTest {

    private static final int PATIENCE_S = 20;

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void close() {
        loop.shutdown();
    }

    /** Tries a password until later attempts must wait for their turn. */
    private void refuses(Executor hashing) throws Exception {
        Logins logins = new Logins(ConfiguredUsers.parse("anna:right"), hashing, System::nanoTime);
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(logins.login(new Credentials("anna", "guess"),
                    InetAddress.getLoopbackAddress(), loop).get(PATIENCE_S, TimeUnit.SECONDS))
                    .isFalse();
        }
    }

    @Test
    void attemptThatCannotBeCheckedIsRefused() throws Exception {
        refuses(_ -> {
            throw new RejectedExecutionException("thrown by a test");
        });
        refuses(_ -> {
            throw new AssertionError("thrown by a test");
        });
    }

    @Test
    void attemptThatHasWaitedAndCannotBeCheckedIsRefused() throws Exception {
        int[] checked = new int[1];
        refuses(task -> {
            if (++checked[0] > 3) {
                throw new AssertionError("thrown by a test");
            }
            task.run();
        });
    }
}
