package io.taffrail.cli.server;

import io.taffrail.log.guard.FailStop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The parts of a broker, in the order they were opened; closes them in reverse order before a
 * deadline. Each part is closed on its own thread and may use half of the remaining time, the last
 * one all of it: a part that hangs leaves time for the engine's checkpoint. A part that exceeds
 * its time keeps running and is reported, as are the steps that a part with its own deadline left
 * undone. Not thread-safe.
 */
final class ClosingParts {

    /** Closes a part that observes a deadline itself. */
    interface Deadlined {

        /**
         * Closes within {@code deadline}; returns the steps not completed, as text for an operator.
         */
        List<String> close(Duration deadline) throws Exception;
    }

    private record Part(String name, AutoCloseable closeable, Deadlined close) {}

    /** Share of a part's time that is its own deadline; the rest is for it to return. */
    private static final double OWN_SHARE = 0.9;

    private final Deque<Part> parts = new ArrayDeque<>();
    private final LongSupplier nanoTime;

    ClosingParts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    <T extends AutoCloseable> T add(String name, T part) {
        return add(name, part, _ -> {
            part.close();
            return List.of();
        });
    }

    /** Adds a part that is not closed with {@link AutoCloseable#close}. */
    <T extends AutoCloseable> T add(String name, T part, Deadlined close) {
        parts.push(new Part(name, part, close));
        return part;
    }

    /** Removes a part without closing it. */
    void remove(AutoCloseable part) {
        parts.removeIf(it -> it.closeable().equals(part));
    }

    /**
     * Closes every part, the last one opened first; adds errors to {@code failure} as suppressed.
     */
    void close(Duration timeout, Throwable failure) {
        long deadlineNs = nanoTime.getAsLong() + timeout.toNanos();
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            long leftNs = Math.max(0, deadlineNs - nanoTime.getAsLong());
            close(part, parts.isEmpty() ? leftNs : leftNs / 2, failure);
        }
    }

    private static void close(Part part, long waitNs, Throwable failure) {
        CompletableFuture<List<String>> done = new CompletableFuture<>();
        Duration own = Duration.ofNanos((long) (waitNs * OWN_SHARE));
        Thread thread = Thread.ofPlatform().daemon().name("taffrail-close-" + part.name())
                .start(() -> {
                    try {
                        done.complete(part.close().close(own));
                    } catch (Throwable e) {
                        FailStop.check(e);
                        done.completeExceptionally(e);
                    }
                });
        try {
            for (String undone : done.get(waitNs, TimeUnit.NANOSECONDS)) {
                failure.addSuppressed(
                        new IllegalStateException(part.name() + " left undone: " + undone));
            }
        } catch (ExecutionException e) {
            failure.addSuppressed(e.getCause());
        } catch (TimeoutException _) {
            failure.addSuppressed(new IllegalStateException(part.name() + " did not stop within "
                    + TimeUnit.NANOSECONDS.toMillis(waitNs) + " ms; it is " + place(thread)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(e);
        }
    }

    /** The topmost frames of a thread's stack, for an operator's report. */
    private static String place(Thread thread) {
        return "at " + Arrays.stream(thread.getStackTrace()).limit(6)
                .map(StackTraceElement::toString).collect(Collectors.joining(" < "));
    }
}
