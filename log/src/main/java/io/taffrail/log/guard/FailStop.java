package io.taffrail.log.guard;

import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose state can no longer be trusted, at once and in the open: no memory left, a
 * stack overflow inside the engine, a lost loop thread, a broken invariant of the engine. Nothing
 * is flushed or closed; the next start recovers from the journal. Safe for any thread.
 */
public final class FailStop {

    /** Ends the process. */
    public interface Handler {

        /**
         * Is expected not to return. Where it does, as in a library that must not end its host, the
         * cause is thrown on.
         */
        void stop(String reason, Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(FailStop.class);
    private static final ScopedValue<Handler> SCOPED = ScopedValue.newInstance();
    private static final Handler LOGGING = (reason, cause) -> LOG
            .error("FST-001 fail-stop: {}; restart the broker", reason, cause);

    private static volatile Handler handler = LOGGING;
    /** Some thread has had a handler of its own: never so in a broker's process. */
    private static volatile boolean scoped;

    private FailStop() {}

    /** Sets the handler of this process, in place of one that only logs. */
    public static void handler(Handler installed) {
        handler = Objects.requireNonNull(installed);
    }

    /** Runs {@code body} with another handler on this thread, as a simulated process does. */
    public static void within(Handler own, Runnable body) {
        scoped = true;
        ScopedValue.where(SCOPED, own).run(body);
    }

    /**
     * Whether the error leaves the state of the process in doubt: an error of the virtual machine,
     * such as {@code OutOfMemoryError} and {@code StackOverflowError}. Netty's
     * {@code OutOfDirectMemoryError} is not one: a counter refused the allocation before anything
     * was changed, and only the connection that asked for it fails.
     */
    public static boolean isFatal(Throwable cause) {
        // The names of these classes are not asked for: that may take memory, and there may be none.
        return cause.getClass().equals(OutOfMemoryError.class)
                || cause.getClass().equals(StackOverflowError.class)
                || (cause instanceof VirtualMachineError && !cause.getClass().getName()
                        .endsWith("OutOfDirectMemoryError"));
    }

    /**
     * Ends the process if an invariant of the engine does not hold: going on would store what
     * contradicts what is stored. For checks that cost no more than a comparison; in production
     * too.
     */
    public static void require(boolean holds, String invariant, long expected, long found) {
        if (!holds) {
            String reason = "%s: %d, not %d".formatted(invariant, found, expected);
            throw now(reason, new AssertionError(reason));
        }
    }

    /** Ends the process if the error is {@link #isFatal fatal}; otherwise returns. */
    public static void check(Throwable cause) {
        if (isFatal(cause)) {
            throw now(reason(cause), cause);
        }
    }

    /** Takes no memory where there is none: the text of such an error is there already. */
    private static String reason(Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            String message = cause.getMessage();
            return message == null ? "OutOfMemoryError" : message;
        }
        return cause.toString();
    }

    /**
     * The handler of this thread or, where none has one, of the process. Looking for a scoped value
     * without memory can stop the whole virtual machine (seen in JDK 25: the thread stays in
     * {@code Thread.findScopedValueBindings} and all others wait for a safepoint), so a broker's
     * process does not.
     */
    private static Handler chosen() {
        return scoped && SCOPED.isBound() ? SCOPED.get() : handler;
    }

    /**
     * Ends the process.
     *
     * @return never, unless the handler returns: then the error to be thrown by the caller, so that
     *         what follows does not run
     */
    public static Error now(String reason, Throwable cause) {
        chosen().stop(reason, cause);
        return cause instanceof Error error ? error : new AssertionError(reason, cause);
    }
}
