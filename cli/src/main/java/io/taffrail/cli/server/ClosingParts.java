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
 * The parts of a broker in the order in which they were opened, to be closed the other way round
 * before a deadline. Each is closed on a thread of its own and may take half of the time that is
 * left, the first one opened all of it: a part that hangs, say over a coordinator that does not
 * answer, leaves time for the engine's checkpoint. What did not end in time goes on, and is named;
 * so is what a part that keeps a deadline itself left undone.
 * On one thread.
 */
final class ClosingParts {

    /** A part that can close before a deadline of its own accord. */
    interface Deadlined {

        /** Closes within the time; returns what was left undone, for a person. */
        List<String> close(Duration deadline) throws Exception;
    }

    private record Part(String name, AutoCloseable closeable, Deadlined close) {}

    /** Of the time that a part may take, its own deadline; the rest is for it to return. */
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

    /** Adds a part that is closed another way than by {@link AutoCloseable#close}. */
    <T extends AutoCloseable> T add(String name, T part, Deadlined close) {
        parts.push(new Part(name, part, close));
        return part;
    }

    /** Leaves one out. */
    void remove(AutoCloseable part) {
        parts.removeIf(it -> it.closeable().equals(part));
    }

    /** Closes every part, the newest first, and adds what goes wrong to a failure. */
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

    /** Where a thread is, innermost first, as far as an operator's report needs it. */
    private static String place(Thread thread) {
        return "at " + Arrays.stream(thread.getStackTrace()).limit(6)
                .map(StackTraceElement::toString).collect(Collectors.joining(" < "));
    }
}
