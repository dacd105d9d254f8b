package io.taffrail.log.guard;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task, listener or callback and keeps its exceptions away from the caller and from other
 * tasks. A fatal error ({@link FailStop#isFatal}) ends the process. Every other {@code Throwable}
 * is passed to the owner of the failed part, which quarantines the part and informs its clients.
 * Safe for any thread.
 */
public final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private Guard() {}

    /**
     * Runs {@code body}.
     *
     * @param failed
     *            receives the exception of {@code body}, on the same thread; an exception
     *            that {@code failed} throws itself is logged as {@code GRD-001}
     * @return true if {@code body} returned normally
     */
    public static boolean run(Runnable body, Consumer<? super Throwable> failed) {
        try {
            body.run();
            return true;
        } catch (Throwable cause) {
            FailStop.check(cause);
            handle(cause, failed);
            return false;
        }
    }

    /**
     * Runs {@code body} and logs its exception as an error. For a task that no caller waits
     * for and whose failure leaves nothing half done.
     *
     * @param id
     *            stable id of the log line, such as {@code THR-001}
     * @param what
     *            name of the task in the log line, such as "a task of taffrail-cleaner"
     * @return true if {@code body} returned normally
     */
    public static boolean run(String id, String what, Runnable body) {
        return run(body, cause -> LOG.error("{} {} failed", id, what, cause));
    }

    private static void handle(Throwable cause, Consumer<? super Throwable> failed) {
        try {
            failed.accept(cause);
        } catch (Throwable second) {
            FailStop.check(second);
            if (!second.equals(cause)) {
                second.addSuppressed(cause);
            }
            LOG.error("GRD-001 the handler of a failure failed itself", second);
        }
    }
}
