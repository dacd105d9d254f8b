package io.taffrail.log.guard;

import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose state can no longer be trusted: after an {@code OutOfMemoryError}, a stack
 * overflow inside the engine, the loss of a loop thread or a broken invariant of the engine.
 * The process ends at once, without flushing or closing anything; the next start recovers
 * from the journal. Safe for any thread.
 */
public final class FailStop {

    /** The action that ends the process. */
    public interface Handler {

        /**
         * Ends the process; should not return. If it returns, as in a library that must not end its
         * host, {@code cause} is thrown to the caller.
         */
        void stop(String reason, Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(FailStop.class);
    private static final ScopedValue<Handler> SCOPED = ScopedValue.newInstance();
    private static final Handler LOGGING = (reason, cause) -> LOG
            .error("FST-001 fail-stop: {}; restart the broker", reason, cause);

    private static volatile Handler handler = LOGGING;
    /** True once any thread has had a handler of its own; never true in a broker's process. */
    private static volatile boolean scoped;

    private FailStop() {}

    /** Sets the handler of this process. The default handler only logs. */
    public static void handler(Handler installed) {
        handler = Objects.requireNonNull(installed);
    }

    /**
     * Runs {@code body} with a handler that applies to this thread only,
     * as a simulated process needs.
     */
    public static void within(Handler own, Runnable body) {
        scoped = true;
        ScopedValue.where(SCOPED, own).run(body);
    }

    /**
     * Returns whether {@code cause} leaves the state of the process in doubt: an error
     * of the virtual machine, such as {@code OutOfMemoryError} or {@code StackOverflowError}.
     * Netty's {@code OutOfDirectMemoryError} is not fatal: Netty's counter refuses the allocation
     * before anything changes, and only the connection that asked for it fails.
     */
    public static boolean isFatal(Throwable cause) {
        // Class comparison comes first, because Class.getName may allocate and there
        // may be no memory.
        return cause.getClass().equals(OutOfMemoryError.class)
                || cause.getClass().equals(StackOverflowError.class)
                || (cause instanceof VirtualMachineError && !cause.getClass().getName()
                        .endsWith("OutOfDirectMemoryError"));
    }

    /**
     * Ends the process if an invariant of the engine does not hold, because continuing would store
     * data that contradicts earlier data. Also active in production, so use it only for checks
     * as cheap as a comparison.
     */
    public static void require(boolean holds, String invariant, long expected, long found) {
        if (!holds) {
            String reason = "%s: %d, not %d".formatted(invariant, found, expected);
            throw now(reason, new AssertionError(reason));
        }
    }

    /** Ends the process if {@code cause} is {@linkplain #isFatal fatal}; otherwise returns. */
    public static void check(Throwable cause) {
        if (isFatal(cause)) {
            throw now(reason(cause), cause);
        }
    }

    /** Returns the text of an error. For an {@code OutOfMemoryError} it allocates nothing. */
    private static String reason(Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            String message = cause.getMessage();
            return message == null ? "OutOfMemoryError" : message;
        }
        return cause.toString();
    }

    /**
     * Returns the handler of this thread, or the handler of the process if the thread has none.
     *
     * <p>
     * A lookup of a scoped value without free memory can stop the whole virtual machine (observed
     * with JDK 25: the thread stays in {@code Thread.findScopedValueBindings}, and all others wait
     * for a safepoint). A broker's process therefore performs no such lookup.
     */
    private static Handler chosen() {
        return scoped && SCOPED.isBound() ? SCOPED.get() : handler;
    }

    /**
     * Ends the process.
     *
     * @return only if the handler returns: the error for the caller to throw, so that the code
     *         after the call does not run
     */
    public static Error now(String reason, Throwable cause) {
        chosen().stop(reason, cause);
        return cause instanceof Error error ? error : new AssertionError(reason, cause);
    }
}
