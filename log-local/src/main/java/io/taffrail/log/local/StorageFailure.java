package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.guard.Guard;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The first disk failure that only a restart recovers from, and its listener. Thread-safe. */
final class StorageFailure {

    private @Nullable LogFailedException first;
    private @Nullable Consumer<LogFailedException> listener;

    /** Returns the failure without the wrappers that threads and futures add. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof UncheckedIOException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * Registers the listener. It is called once, on any thread; at once if the disk
     * has already failed.
     */
    void listen(Consumer<LogFailedException> added) {
        LogFailedException failed;
        synchronized (this) {
            listener = added;
            failed = first;
        }
        if (failed != null) {
            tell(added, failed);
        }
    }

    /** Reports a failure; only the first one is kept. */
    void report(LogFailedException failed) {
        Consumer<LogFailedException> told;
        synchronized (this) {
            if (first != null) {
                return;
            }
            first = failed;
            told = listener;
        }
        if (told != null) {
            tell(told, failed);
        }
    }

    private static void tell(Consumer<LogFailedException> told, LogFailedException failed) {
        Guard.run("ENG-009", "the listener of a failed disk", () -> told.accept(failed));
    }
}
