package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
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
            added.accept(failed);
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
            told.accept(failed);
        }
    }
}
