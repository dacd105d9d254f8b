package io.taffrail.log.guard;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task, listener or callback so that whatever it throws reaches neither its caller nor its
 * neighbours. A fatal error ({@link FailStop#isFatal}) ends the process; every other
 * {@code Throwable} is handed to the owner of the part that failed, which quarantines it and tells
 * its clients. Safe for any thread.
 */
public final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private Guard() {}

    /**
     * Runs {@code body}.
     *
     * @param failed
     *            takes what the body threw, on the same thread; what this throws in its turn is
     *            logged as {@code GRD-001}
     * @return whether the body returned normally
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
     * Runs {@code body} and logs what it throws as an error: for a task that nobody waits for and
     * whose failure leaves nothing half done.
     *
     * @param id
     *            the stable id of the log line, such as {@code THR-001}
     * @param what
     *            names the task in the line: "a task of taffrail-cleaner"
     * @return whether the body returned normally
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
            LOG.error("GRD-001 a failure could not be handled", second);
        }
    }
}
