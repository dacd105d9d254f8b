package io.taffrail.broker.outbox;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.LogId;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Owner;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component that reopens one log of an outbox or inbox after it has failed.
 *
 * <pre>
 *            failed            after a while, or by command        opened
 *   IN_USE ─────────► WAITING ──────────────────────────────► OPENING ─────► IN_USE
 *                        ▲                                       │
 *                        └───────────────────────────────────────┘ cannot be opened
 * </pre>
 *
 * The pause doubles each time, until something was stored in the log again. Owner thread only,
 * except {@link #now}.
 */
final class Reopener {

    private enum State {
        IN_USE, WAITING, OPENING
    }

    private static final Logger LOG = LoggerFactory.getLogger(Reopener.class);

    private static final long FIRST_MS = 100;
    private static final int MAX_DOUBLINGS = 9;

    private final LogId log;
    private final Owner owner;
    private final Timers timers;
    private final Supplier<CompletableFuture<Void>> open;
    private State state = State.IN_USE;
    /** Number of failures since something was stored. */
    private int failures;
    private boolean closed;

    /**
     * @param open
     *            opens the log and puts it in use; completes when that is done
     */
    Reopener(LogId log, Owner owner, Timers timers, Supplier<CompletableFuture<Void>> open) {
        this.log = log;
        this.owner = owner;
        this.timers = timers;
        this.open = open;
    }

    /** Whether the log cannot be used at present. */
    boolean isOut() {
        return state != State.IN_USE;
    }

    /** Notes that something was stored in the log. */
    void worked() {
        failures = 0;
    }

    /** Notes that the log refuses appends, or that it is unknown what it stored. */
    void failed(Throwable cause) {
        if (closed || isOut()) {
            return;
        }
        if (failures == 0) {
            LOG.error("OBX-002 {} failed and is opened anew; what goes by it waits", log, cause);
        }
        await();
    }

    private void await() {
        state = State.WAITING;
        long delayMs = FIRST_MS << Math.min(failures, MAX_DOUBLINGS);
        failures++;
        var _ = timers.after(delayMs, () -> Guard.run("OBX-005", "opening " + log + " anew", () -> {
            if (state == State.WAITING) {
                var _ = attempt();
            }
        }));
    }

    private CompletableFuture<Void> attempt() {
        state = State.OPENING;
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> opening;
        try {
            opening = open.get();
        } catch (RuntimeException e) {
            opening = CompletableFuture.failedFuture(e);
        }
        return opening.whenCompleteAsync((_, failure) -> {
            if (failure == null) {
                state = State.IN_USE;
                LOG.info("OBX-006 {} was opened anew", log);
            } else {
                LOG.error("OBX-005 {} cannot be opened anew", log, failure);
                await();
            }
        }, owner);
    }

    /** Reopens the log at once, unless that is under way. Safe for any thread. */
    CompletableFuture<Void> now() {
        return CompletableFuture.completedFuture(log).thenComposeAsync(
                _ -> state == State.OPENING
                        ? CompletableFuture.completedFuture(null)
                        : attempt(),
                owner);
    }

    /** Stops reopening. */
    void close() {
        closed = true;
    }
}
