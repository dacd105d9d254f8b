package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.guard.Guard;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The first failure of the disk that only a restart recovers from, and who is to know of it. */
final class StorageFailure {

    private @Nullable LogFailedException first;
    private @Nullable Consumer<LogFailedException> listener;

    /** What went wrong, without what threads and futures wrap around it. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof UncheckedIOException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Has this called once, on any thread; at once if it has happened. */
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

    /** Something failed; only the first time counts. */
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
