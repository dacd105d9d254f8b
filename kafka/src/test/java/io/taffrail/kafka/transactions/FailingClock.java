package io.taffrail.kafka.transactions;

import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The system's clock, which fails once when a given method asks for the time. */
final class FailingClock implements InstantSource {

    private volatile @Nullable String method;

    /** Throws once when the time is read below a method of this name. */
    void failOnceIn(String name) {
        method = name;
    }

    /** Whether the failure has happened. */
    boolean hasFailed() {
        return method == null;
    }

    @Override
    public Instant instant() {
        String name = method;
        if (name != null && StackWalker.getInstance().walk(
                frames -> frames.anyMatch(frame -> frame.getMethodName().equals(name)))) {
            method = null;
            throw new IllegalStateException("the clock fails, as the test wants");
        }
        return InstantSource.system().instant();
    }
}
