package io.taffrail.broker.turn;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.Refusal;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.Owner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unit of storage of a virtual host: members join the open turn while the owner's loop handles
 * requests, and a task at the end of the turn stores their parts in one commit, all or nothing over
 * a crash. This class collects the open turn; {@link TurnInFlight} is a turn that has closed. Owner
 * thread only; the owner has to run tasks after the current one, not within it.
 *
 * <p>
 * A member that throws fails alone: it is left out of the commit with the members it is bound to,
 * and the publishes that went to it are rejected. Where the engine itself throws, it is unknown
 * whether the turn was stored: nothing of the turn is confirmed, and the process is stopped.
 */
public final class Turn {

    /** Size in bytes at which a turn is stored early, unless it is one atomic step. */
    static final int MAX_BYTES = 1 << 20;

    /**
     * Longest delay of a turn that holds only settlements, in milliseconds. A crash within it
     * causes redelivery of messages that were acknowledged.
     */
    public static final int PATIENCE_MS = 5;

    /** Retry interval after a {@link #isRefusing refused} turn, in milliseconds. */
    public static final int AGAIN_MS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

    private final LogEngine engine;
    private final Owner owner;
    private final Timers timers;
    private final Deque<TurnInFlight> underWay = new ArrayDeque<>();
    private List<TurnMember> members = new ArrayList<>();
    private List<TurnListener> listeners = new ArrayList<>();
    private Consumer<String> onFailure = _ -> {};
    private long number;
    private int sizeBytes;
    private boolean scheduled;
    private boolean scheduledLater;
    private boolean whole;
    private boolean refusing;
    private boolean overloaded;
    private boolean moving;
    /** True while a turn is being handed to the engine; the next one begins only after it. */
    private boolean storing;
    private boolean telling;
    /** Number of steps of the open turn so far; the last one is open if {@link #inStep}. */
    private int steps;
    private boolean inStep;
    /** Members that join now are stored together with this one, or not at all. */
    private @Nullable TurnMember bound;
    /** The reason why nothing can be stored any more; null while turns are stored. */
    private @Nullable String dead;

    public Turn(LogEngine engine, Owner owner, Timers timers) {
        this.engine = engine;
        this.owner = owner;
        this.timers = timers;
    }

    /**
     * Sets the listener that is told, perhaps more than once, when it is unknown whether a turn was
     * stored, or when nothing can be stored any more.
     */
    public void onFailure(Consumer<String> listener) {
        onFailure = listener;
    }

    /** Adds a member that has {@code bytes} more to store at the end of this turn. */
    public void join(TurnMember member, int bytes) {
        add(member);
        sizeBytes += bytes;
        schedule();
    }

    /**
     * As {@link #join}; members that join later in the same {@linkplain #beginStep step} are stored
     * together with this one or not at all.
     */
    public void joinBinding(TurnMember member, int bytes) {
        join(member, bytes);
        if (inStep && bound == null) {
            bound = member;
        }
    }

    /** Adds a member that can wait for the next commit, at most {@link #PATIENCE_MS}. */
    public void joinLater(TurnMember member) {
        add(member);
        if (!scheduled && !scheduledLater) {
            scheduledLater = true;
            var _ = timers.after(PATIENCE_MS, this::flushLater);
        }
    }

    private void flushLater() {
        scheduledLater = false;
        if (!scheduled) {
            flush();
        }
    }

    private void add(TurnMember member) {
        if (member.join()) {
            members.add(member);
        }
        if (whole) {
            return;
        }
        if (inStep) {
            member.joinedIn(steps - 1);
        }
        TurnMember with = bound;
        if (with != null && !with.equals(member)) {
            if (with.join()) {
                members.add(with);
            }
            Bond.tie(with, member);
        }
    }

    /** Adds a listener that is told the outcome of the open turn. */
    public void listen(TurnListener listener) {
        listeners.add(listener);
        schedule();
    }

    /**
     * Begins a step, which ends with {@link #endStep}. A step is a part of the turn with an outcome
     * of its own, such as one published message.
     *
     * @return the step's number in this turn, for {@link TurnListener#durableWithout}
     */
    public int beginStep() {
        inStep = true;
        bound = null;
        return steps++;
    }

    /** Ends the open step. */
    public void endStep() {
        inStep = false;
        bound = null;
    }

    /**
     * Runs {@code body}, which moves messages from one place to another. If the turn is refused,
     * these messages stay in it and are stored with the next turn that is accepted.
     *
     * @param source
     *            the member that records the removal; its part is stored together with the parts of
     *            the destinations, or not at all. Null if no removal is recorded
     */
    public void move(@Nullable TurnMember source, Runnable body) {
        boolean movingBefore = moving;
        TurnMember boundBefore = bound;
        moving = true;
        bound = source;
        try {
            body.run();
        } catch (Throwable cause) {
            if (source != null) {
                spoil(source, cause);
            }
            throw cause;
        } finally {
            moving = movingBefore;
            bound = boundBefore;
        }
    }

    /**
     * Tells the turn that a member has failed outside of it, perhaps between the halves of an
     * atomic step. If the member is bound to others in the open turn, none of them stores its part.
     */
    public void spoil(TurnMember member, Throwable cause) {
        if (member.isJoined() && member.bond != null) {
            member.spoil(cause);
        }
    }

    /** Whether members that join now are part of a move or of an atomic step. */
    public boolean isMoving() {
        return moving || whole;
    }

    /** True while a refused turn waits to be stored again; work that can be deferred should be. */
    public boolean isRefusing() {
        return refusing && !members.isEmpty();
    }

    /**
     * Whether a refused turn waits because the engine is overloaded, which ends by itself or when
     * the journal fails.
     */
    public boolean isOverloaded() {
        return overloaded && isRefusing();
    }

    /** Whether nothing can be stored until the process is restarted. */
    public boolean isDead() {
        return dead != null;
    }

    /** Number of turns closed so far. */
    public long number() {
        return number;
    }

    /** Whether the turn has reached the size at which it is to be stored early. */
    public boolean isFull() {
        return sizeBytes >= MAX_BYTES && !whole;
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            try {
                owner.execute(this::flushScheduled);
            } catch (RuntimeException e) {
                scheduled = false;
                throw e;
            }
        }
    }

    private void flushScheduled() {
        if (scheduled) {
            flush();
        }
    }

    /**
     * Runs {@code body} and stores its effects as an atomic turn of its own, whatever their size;
     * completes when they are durable. Fails at once while an earlier turn waits after a refusal,
     * while a turn is being stored, or when nothing can be stored any more. If this turn is
     * refused, the future fails, and what members carry over is stored later as a whole. A
     * {@link io.taffrail.broker.BrokerException} of the body fails the future, but the effects
     * before it are stored; any other throwable undoes all effects.
     */
    public CompletableFuture<Void> alone(Runnable body) {
        flush();
        if (isRefusing() || storing || dead != null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("nothing is stored at present: try again"));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        Throwable spoiled = null;
        whole = true;
        try {
            body.run();
            listen(new TurnListener() {
                @Override
                public void durable() {
                    durable.complete(null);
                }

                @Override
                public void failed(String detail) {
                    durable.completeExceptionally(new IllegalStateException(detail));
                }
            });
        } catch (BrokerException e) {
            durable.completeExceptionally(e);
        } catch (Throwable e) {
            FailStop.check(e);
            spoiled = e;
            durable.completeExceptionally(e);
        } finally {
            whole = false;
            close(true, spoiled);
        }
        return durable;
    }

    /**
     * Closes the turn now; completes on the owner's thread when every turn under way has an
     * outcome, be it known or unknown.
     */
    public CompletableFuture<Void> ended() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        flush();
        listen(new TurnListener() {
            @Override
            public void durable() {
                ended.complete(null);
            }

            @Override
            public void failed(String detail) {
                ended.complete(null);
            }
        });
        return ended;
    }

    /**
     * Closes and stores the turn now, or right after the commit under way when called within one.
     */
    public void flush() {
        if (storing) {
            schedule();
        } else {
            close(false, null);
        }
    }

    /**
     * Closes the open turn, and stores it.
     *
     * @param atomic
     *            whether the whole turn is one atomic step
     * @param spoiled
     *            the reason why it must not be stored, or null
     */
    private void close(boolean atomic, @Nullable Throwable spoiled) {
        scheduled = false;
        if (members.isEmpty() && listeners.isEmpty()) {
            return;
        }
        TurnInFlight turn = new TurnInFlight(members, listeners, atomic);
        members = new ArrayList<>();
        listeners = new ArrayList<>();
        number++;
        sizeBytes = 0;
        steps = 0;
        underWay.add(turn);
        storing = true;
        try {
            String why = dead;
            turn.collect(why == null ? spoiled : new LogFailedException(why));
            store(turn);
        } catch (Throwable cause) {
            die(turn, cause);
        } finally {
            storing = false;
        }
        tellInOrder();
    }

    private void store(TurnInFlight turn) {
        while (!turn.isOver() && !turn.appends().appends().isEmpty()) {
            switch (commit(turn)) {
                case CommitResult.Committed committed -> {
                    turn.stored(committed.results());
                    await(turn, committed.durable());
                    return;
                }
                case CommitResult.Refused(int index, AppendResult.Refused refusal) -> {
                    if (isOfOneLog(refusal)) {
                        turn.leaveOut(turn.appends().member(index), new LogFailedException(
                                refusal.reason() + " " + refusal.detail()));
                    } else {
                        refused(turn, refusal);
                    }
                }
            }
        }
        if (!turn.isOver()) {
            turn.storedNothing();
            turn.whenElsewhere(failure -> settle(turn, failure));
        }
    }

    private CommitResult commit(TurnInFlight turn) {
        List<LogAppend> appends = turn.forEngine();
        if (appends.size() > 1) {
            return engine.commit(appends);
        }
        return switch (append(appends.getFirst())) {
            case AppendResult.Stored stored ->
                new CommitResult.Committed(List.of(stored), stored.durable());
            case AppendResult.Refused refusal -> new CommitResult.Refused(0, refusal);
            case AppendResult.Duplicate again ->
                new CommitResult.Committed(List.of(again), again.durable());
        };
    }

    /** Appends one batch. An exception of the log puts only that log in doubt. */
    private static AppendResult append(LogAppend append) {
        try {
            return append.log().append(append.batch());
        } catch (RuntimeException | AssertionError e) {
            LOG.error("TRN-005 {} threw and is in doubt", append.log().id(), e);
            return new AppendResult.Refused(Refusal.STORAGE_FAILED, "not known to be stored: " + e);
        }
    }

    /** Whether only this log refused, so that others would take their batches. */
    private boolean isOfOneLog(AppendResult.Refused refusal) {
        return switch (refusal.reason()) {
            case DISK_FULL, OVERLOADED -> false;
            case STORAGE_FAILED, CLOSED, WRITER_FENCED -> engine.failure().isEmpty();
            case CORRUPT_BATCH, INVALID_RECORD, INVALID_TIMESTAMP, OUT_OF_ORDER_SEQUENCE,
                    PRODUCER_FENCED, COORDINATOR_FENCED ->
                true;
        };
    }

    private void refused(TurnInFlight turn, AppendResult.Refused refusal) {
        if (!refusing) {
            refusing = true;
            LOG.warn("nothing is stored until this ends: {} {}", refusal.reason(),
                    refusal.detail());
        }
        overloaded = refusal.reason() == Refusal.OVERLOADED;
        turn.refused(refusal);
        if (refusal.reason() == Refusal.STORAGE_FAILED) {
            tellFailure(refusal.detail());
        }
    }

    private void await(TurnInFlight turn, CompletableFuture<Void> durable) {
        refusing = false;
        var _ = durable.whenComplete((_, failure) -> {
            if (failure == null) {
                turn.whenElsewhere(detail -> settle(turn, detail));
            } else {
                settle(turn, String.valueOf(failure.getMessage()));
                if (engine.failure().isPresent()) {
                    tellFailure(String.valueOf(failure.getMessage()));
                } // A failure of one log only: that log refuses appends until it is reopened.
            }
        });
    }

    /** Records the outcome after the force and the appends of other owners: a failure, or null. */
    private void settle(TurnInFlight turn, @Nullable String failure) {
        try {
            assert owner.isCurrent() : "a turn ends off its owner's thread";
            turn.settled(failure);
            if (!storing) {
                tellInOrder();
            }
        } catch (Throwable cause) {
            die(turn, cause);
        }
    }

    private void tellInOrder() {
        if (telling) {
            return;
        }
        telling = true;
        try {
            while (!underWay.isEmpty() && underWay.getFirst().isOver()) {
                underWay.removeFirst().tellListeners();
            }
        } finally {
            telling = false;
        }
    }

    /**
     * Ends the process after an exception that belongs to no member: it is unknown what the engine
     * stored. Nothing is confirmed from here on.
     */
    private void die(TurnInFlight turn, Throwable cause) {
        String why = "not known to be stored: " + cause;
        try {
            FailStop.check(cause);
            throw FailStop.now("a turn was cut short while it was stored", cause);
        } finally {
            dead = why;
            if (!turn.isOver()) {
                turn.fail(why);
            }
            tellInOrder();
            tellFailure(why);
        }
    }

    private void tellFailure(String detail) {
        Guard.run("TRN-004", "ending a virtual host", () -> onFailure.accept(detail));
    }
}
