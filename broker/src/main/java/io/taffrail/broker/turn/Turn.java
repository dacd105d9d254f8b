package io.taffrail.broker.turn;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.AppendResult;
import io.taffrail.log.Refusal;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.LogEngine.CommitResult;
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
 * What is to be stored together: members join while the owner's loop handles what has arrived, and
 * a task at the end of the turn puts what they have into one commit, all or nothing over a crash.
 * Owner thread only; the owner has to run tasks after the current one, not within it.
 */
public final class Turn {

    /** A turn is stored early when it holds so much. */
    static final int MAX_BYTES = 1 << 20;

    /** What can wait for company waits so long, in milliseconds: the bound of redelivered acks. */
    public static final int PATIENCE_MS = 5;

    /** Who finds it {@link #isRefusing refusing} looks again after so long, in milliseconds. */
    public static final int AGAIN_MS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

    /** A turn given to the engine. */
    private static final class Stored {
        private final List<TurnListener> listeners;
        private boolean done;
        private @Nullable String failure;

        Stored(List<TurnListener> listeners) {
            this.listeners = listeners;
        }
    }

    private final LogEngine engine;
    private final Owner owner;
    private final Timers timers;
    private final Deque<Stored> underWay = new ArrayDeque<>();
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

    public Turn(LogEngine engine, Owner owner, Timers timers) {
        this.engine = engine;
        this.owner = owner;
        this.timers = timers;
    }

    /**
     * Sets who is told, perhaps more than once, when nobody knows whether a turn was stored, or
     * nothing can be stored any more.
     */
    public void onFailure(Consumer<String> listener) {
        onFailure = listener;
    }

    /** The member has {@code bytes} more to store at the end of this turn. */
    public void join(TurnMember member, int bytes) {
        add(member);
        sizeBytes += bytes;
        schedule();
    }

    /** The member has something to store with the next commit, which is soon if none comes. */
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
    }

    /** Tells {@code listener} what becomes of the present turn. */
    public void listen(TurnListener listener) {
        listeners.add(listener);
        schedule();
    }

    /**
     * Runs {@code body}, which takes messages out of one place and puts them into another: when the
     * turn is refused they stay in it, and are stored with the next one that is not.
     */
    public void move(Runnable body) {
        moving = true;
        try {
            body.run();
        } finally {
            moving = false;
        }
    }

    /** Whether what joins now has left another place, or is part of an atomic step. */
    public boolean isMoving() {
        return moving || whole;
    }

    /** Whether something waits that was refused: what can wait, too, should. */
    public boolean isRefusing() {
        return refusing && !members.isEmpty();
    }

    /** Whether something waits that was refused for what ends by itself, or with the journal. */
    public boolean isOverloaded() {
        return overloaded && isRefusing();
    }

    /** Counts turns. */
    public long number() {
        return number;
    }

    /** Whether the turn holds so much that it is to be stored now. */
    public boolean isFull() {
        return sizeBytes >= MAX_BYTES && !whole;
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            owner.execute(this::flushScheduled);
        }
    }

    private void flushScheduled() {
        if (scheduled) {
            flush();
        }
    }

    /**
     * Stores what {@code body} does as a turn of its own, however much it is; completes when that
     * is durable. Does not begin while an earlier turn is refused. A turn that is refused itself
     * fails the future, and is stored later as a whole if it can be.
     */
    public CompletableFuture<Void> alone(Runnable body) {
        flush();
        if (isRefusing()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("nothing is stored at present: try again"));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
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
        } catch (RuntimeException e) {
            durable.completeExceptionally(e);
        } finally {
            whole = false;
            flush();
        }
        return durable;
    }

    /** Ends the turn now. */
    public void flush() {
        scheduled = false;
        if (members.isEmpty() && listeners.isEmpty()) {
            return;
        }
        List<TurnMember> leaving = members;
        members = new ArrayList<>();
        Stored stored = new Stored(listeners);
        listeners = new ArrayList<>();
        number++;
        sizeBytes = 0;
        TurnAppends appends = new TurnAppends();
        for (TurnMember member : leaving) {
            member.left();
            member.collect(appends);
        }
        underWay.add(stored);
        store(stored, appends);
    }

    private void store(Stored turn, TurnAppends appends) {
        switch (appends.appends().size()) {
            case 0 -> appends.whenElsewhere(detail -> finish(turn, detail));
            case 1 -> {
                LogEngine.LogAppend only = appends.appends().getFirst();
                switch (only.log().append(only.batch())) {
                    case AppendResult.Stored result -> {
                        appends.member(0).stored(result);
                        await(turn, result.durable(), appends);
                    }
                    case AppendResult.Refused refusal -> refused(turn, appends, refusal);
                    case AppendResult.Duplicate again -> throw duplicate(again);
                }
            }
            default -> {
                switch (engine.commit(appends.appends())) {
                    case CommitResult.Committed committed -> {
                        for (int index = 0; index < committed.results().size(); index++) {
                            tell(appends.member(index), committed.results().get(index));
                        }
                        await(turn, committed.durable(), appends);
                    }
                    case CommitResult.Refused(int _, AppendResult.Refused refusal) ->
                        refused(turn, appends, refusal);
                }
            }
        }
    }

    private static void tell(TurnMember member, AppendResult result) {
        switch (result) {
            case AppendResult.Stored stored -> member.stored(stored);
            case AppendResult.Duplicate again -> throw duplicate(again);
            case AppendResult.Refused refused ->
                throw new IllegalStateException("refused in a commit that was stored: " + refused);
        }
    }

    private static IllegalStateException duplicate(AppendResult.Duplicate again) {
        return new IllegalStateException("a duplicate without a producer: " + again);
    }

    private void refused(Stored turn, TurnAppends appends, AppendResult.Refused refusal) {
        if (!refusing) {
            refusing = true;
            LOG.warn("nothing is stored until this ends: {} {}", refusal.reason(),
                    refusal.detail());
        }
        overloaded = refusal.reason() == Refusal.OVERLOADED;
        TurnMember last = null;
        for (int index = 0; index < appends.appends().size(); index++) {
            TurnMember member = appends.member(index);
            if (!member.equals(last)) {
                member.refused(refusal);
            }
            last = member;
        }
        finish(turn, refusal.detail());
        if (refusal.reason() == Refusal.STORAGE_FAILED) {
            onFailure.accept(refusal.detail());
        }
    }

    private void await(Stored turn, CompletableFuture<Void> durable, TurnAppends appends) {
        refusing = false;
        var _ = durable.whenComplete((_, failure) -> {
            if (failure == null) {
                appends.whenElsewhere(detail -> finish(turn, detail));
            } else {
                finish(turn, String.valueOf(failure.getMessage()));
                onFailure.accept(String.valueOf(failure.getMessage()));
            }
        });
    }

    private void finish(Stored turn, @Nullable String failure) {
        assert owner.isCurrent() : "a turn ends off its owner's thread";
        turn.done = true;
        turn.failure = failure;
        while (!underWay.isEmpty() && underWay.getFirst().done) {
            Stored first = underWay.removeFirst();
            for (TurnListener listener : first.listeners) {
                String why = first.failure;
                if (why == null) {
                    listener.durable();
                } else {
                    listener.failed(why);
                }
            }
        }
    }
}
