package io.taffrail.log.local;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.local.thread.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The threads of the cleaner and the memory for their tables of keys, as the settings want them. A
 * change of the settings begins new threads; the present ones end after their round, and keep the
 * memory that they have until then. Thread-safe.
 */
final class CleanerPool {

    private final Threads threads;
    private final Consumer<CleanerThread> round;
    private CleanerSettings settings;
    private List<CleanerThread> present;
    private final List<CleanerThread> retired = new ArrayList<>();
    private boolean closed;

    /**
     * @param round
     *            what a thread does after each interval
     */
    CleanerPool(CleanerSettings settings, Threads threads, Consumer<CleanerThread> round) {
        this.settings = settings;
        this.threads = threads;
        this.round = round;
        this.present = create(settings.threads());
    }

    private List<CleanerThread> create(int count) {
        List<CleanerThread> created = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            created.add(new CleanerThread(threads.worker(
                    i == 0 ? "taffrail-cleaner" : "taffrail-cleaner-" + (i + 1))));
        }
        return List.copyOf(created);
    }

    synchronized void start() {
        present.forEach(thread -> thread.worker().every(settings.backoff(),
                () -> round.accept(thread)));
    }

    synchronized CleanerSettings settings() {
        return settings;
    }

    /** The thread that also erases. */
    synchronized Worker first() {
        return present.getFirst().worker();
    }

    /** Runs {@code work} once on each thread; completes when all are done. */
    synchronized CompletableFuture<Void> onAll(Consumer<CleanerThread> work) {
        return CompletableFuture.allOf(present.stream().map(thread -> CompletableFuture
                .runAsync(() -> work.accept(thread), thread.worker()))
                .toArray(CompletableFuture[]::new));
    }

    /** Puts settings in force. */
    synchronized void configure(CleanerSettings wanted) {
        boolean same = wanted.threads() == settings.threads()
                && wanted.backoff().equals(settings.backoff());
        settings = wanted;
        if (same || closed) {
            return;
        }
        retired.addAll(present);
        retired.removeIf(thread -> thread.worker().end(Duration.ZERO));
        present = create(wanted.threads());
        start();
    }

    /**
     * Grants a thread its part of the memory, as far as threads that are ending leave it; false if
     * there is none, or if the thread is ending.
     */
    synchronized boolean grant(CleanerThread thread) {
        thread.grant(0);
        long others = Stream.concat(present.stream(), retired.stream())
                .mapToLong(CleanerThread::grantedBytes).sum();
        long granted = Math.min(settings.bufferOfThread().bytes(),
                settings.dedupeBuffer().bytes() - others);
        if (!present.contains(thread) || granted < CleanerSettings.LEAST_BUFFER.bytes()) {
            return false;
        }
        thread.grant(granted);
        return true;
    }

    /** Memory that the tables take now. */
    synchronized long reservedBytes() {
        return Stream.concat(present.stream(), retired.stream())
                .mapToLong(CleanerThread::reservedBytes).sum();
    }

    /**
     * Ends all threads; false if one is still busy when the patience has elapsed.
     *
     * @param patience
     *            returns what is left of it
     */
    boolean close(Supplier<Duration> patience) {
        List<CleanerThread> all = new ArrayList<>();
        synchronized (this) {
            closed = true;
            all.addAll(present);
            all.addAll(retired);
        }
        boolean ended = true;
        for (CleanerThread thread : all) {
            ended &= thread.worker().end(patience.get());
        }
        return ended;
    }
}
