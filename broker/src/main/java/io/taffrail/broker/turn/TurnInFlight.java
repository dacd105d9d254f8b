package io.taffrail.broker.turn;

import io.taffrail.log.AppendResult;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.LogEngine.LogAppend;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn from the moment it closes until its outcome is known.
 *
 * <pre>
 *            all handed in           stored              forced
 *   COLLECT ──────────────► COMMIT ─────────► SETTLE ─────────────► DURABLE
 *      │                     │   ▲               │
 *      │ atomic, and a       │   │ without a     │ not known
 *      │ member failed       │   │ failed member │ to be stored
 *      │                     │   └───┐           │
 *      └──────────► FAILED ◄─┴───────┴───────────┘
 *                            refused, or the engine threw
 * </pre>
 *
 * A member that throws in any of its methods fails alone, with those it is bound to: what they put
 * into this turn is left out, and the rest is stored. Only {@code DURABLE} confirms, and it is
 * reached only by way of a commit. Owner thread only.
 */
final class TurnInFlight {

    /** How far the turn has come. */
    enum Phase {
        /** Members hand in what they have. */
        COLLECT,
        /** The engine is asked to store it. */
        COMMIT,
        /** It is stored, and waits for the force. */
        SETTLE,
        /** All that was stored is durable. */
        DURABLE,
        /** Nothing was stored, or nobody knows. */
        FAILED;

        boolean isOver() {
            return this == DURABLE || this == FAILED;
        }

        boolean leadsTo(Phase next) {
            return switch (this) {
                case COLLECT -> next == COMMIT || next == FAILED;
                case COMMIT -> next == SETTLE || next == FAILED;
                case SETTLE -> next == DURABLE || next == FAILED;
                case DURABLE, FAILED -> false;
            };
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(TurnInFlight.class);

    private final List<TurnMember> members;
    private final List<TurnListener> listeners;
    private final boolean whole;
    private final TurnAppends appends = new TurnAppends();
    private final BitSet lost = new BitSet(0);
    private Phase phase = Phase.COLLECT;
    private boolean incomplete;
    private String detail = "";

    /**
     * @param whole
     *            whether all of it is one atomic step
     */
    TurnInFlight(List<TurnMember> members, List<TurnListener> listeners, boolean whole) {
        this.members = members;
        this.listeners = listeners;
        this.whole = whole;
    }

    private void transition(Phase next) {
        if (!phase.leadsTo(next)) {
            throw new IllegalStateException("a turn goes from " + phase + " to " + next);
        }
        phase = next;
    }

    boolean isOver() {
        return phase.isOver();
    }

    TurnAppends appends() {
        return appends;
    }

    /**
     * Takes what the members have. All leave the open turn before the first is asked, so each is in
     * exactly one turn whatever is thrown here.
     *
     * @param spoiled
     *            why the turn must not be stored at all, or null
     */
    void collect(@Nullable Throwable spoiled) {
        members.forEach(TurnMember::leave);
        List<Runnable> failures = new ArrayList<>(0);
        for (TurnMember member : members) {
            Throwable cause = collect(member);
            if (cause != null) {
                failures.add(() -> leaveOut(member, cause));
            }
        }
        failures.forEach(Runnable::run);
        if (spoiled != null) {
            leaveOut(Set.copyOf(members), spoiled, null);
            if (!isOver()) {
                fail(String.valueOf(spoiled.getMessage()));
            }
        } else if (!isOver()) {
            transition(Phase.COMMIT);
        }
    }

    private @Nullable Throwable collect(TurnMember member) {
        Throwable spoiled = member.takeSpoiled();
        if (spoiled != null) {
            return spoiled;
        }
        try {
            member.collect(appends);
            return null;
        } catch (Throwable cause) {
            FailStop.check(cause);
            return cause;
        }
    }

    /** The member failed: it and what is bound to it are left out of what is still to be stored. */
    void leaveOut(TurnMember member, Throwable cause) {
        LOG.error("TRN-001 {} failed and is left out of what is stored", member, cause);
        leaveOut(whole ? Set.copyOf(members) : new LinkedHashSet<>(member.bound()), cause,
                member);
        if (whole && !isOver()) {
            fail(String.valueOf(cause.getMessage()));
        }
    }

    private void leaveOut(Set<TurnMember> out, Throwable cause, @Nullable TurnMember culprit) {
        appends.remove(out);
        incomplete = true;
        detail = String.valueOf(cause.getMessage());
        for (TurnMember each : out) {
            lost.or(each.leavingSteps());
            tellFailed(each, cause, each.equals(culprit));
        }
    }

    private static void tellFailed(TurnMember member, Throwable cause, boolean own) {
        Guard.run("TRN-002", "undoing the part of a turn of " + member,
                () -> member.failed(cause, own));
    }

    /** The engine has stored all of it. */
    void stored(List<AppendResult> results) {
        transition(Phase.SETTLE);
        for (int index = 0; index < results.size(); index++) {
            TurnMember member = appends.member(index);
            AppendResult result = results.get(index);
            each(member, () -> tell(member, result));
        }
    }

    private static void tell(TurnMember member, AppendResult result) {
        switch (result) {
            case AppendResult.Stored stored -> member.stored(stored);
            case AppendResult.Duplicate again ->
                throw new IllegalStateException("a duplicate without a producer: " + again);
            case AppendResult.Refused refused ->
                throw new IllegalStateException("refused in a commit that was stored: " + refused);
        }
    }

    /** What the member has is stored; what its own state is after a throw, nobody knows. */
    private static void each(TurnMember member, Runnable told) {
        Guard.run(told, cause -> {
            LOG.error("TRN-001 {} failed when it was told of a turn", member, cause);
            tellFailed(member, cause, true);
        });
    }

    /** Nothing is left to be stored here. */
    void storedNothing() {
        transition(Phase.SETTLE);
    }

    /** The engine takes nothing of it at present; some of it may come again. */
    void refused(AppendResult.Refused refusal) {
        TurnMember last = null;
        for (int index = 0; index < appends.appends().size(); index++) {
            TurnMember member = appends.member(index);
            if (!member.equals(last)) {
                tellRefused(member, refusal);
            }
            last = member;
        }
        appends.inMemory().forEach(member -> tellRefused(member, refusal));
        bindAgain();
        fail(refusal.detail());
    }

    private void tellRefused(TurnMember member, AppendResult.Refused refusal) {
        Guard.run(() -> member.refused(refusal), cause -> refusedInVain(member, cause));
    }

    /** What comes again with a later turn is bound as it was in this one. */
    private void bindAgain() {
        members.forEach(TurnMember::bindAgain);
        if (whole) {
            List<TurnMember> again = members.stream().filter(TurnMember::isJoined).toList();
            again.forEach(each -> Bond.tie(again.getFirst(), each));
        }
    }

    /** Nothing was stored, and what the member is bound to must not come again without it. */
    private void refusedInVain(TurnMember member, Throwable cause) {
        LOG.error("TRN-001 {} failed when it was told of a refusal", member, cause);
        for (TurnMember each : List.copyOf(whole ? members : member.bound())) {
            tellFailed(each, cause, each.equals(member));
        }
    }

    /** What others store is durable too, or not. */
    void settled(@Nullable String failure) {
        if (failure == null) {
            transition(Phase.DURABLE);
        } else {
            fail(failure);
        }
    }

    void fail(String why) {
        transition(Phase.FAILED);
        detail = why;
    }

    /** Runs {@code then} when all that others store is durable, or with why some of it is not. */
    void whenElsewhere(Consumer<@Nullable String> then) {
        appends.whenElsewhere(then);
    }

    /** The appends for the engine, which may move the positions of their buffers. */
    List<LogAppend> forEngine() {
        List<LogAppend> copies = new ArrayList<>(appends.appends().size());
        for (LogAppend append : appends.appends()) {
            copies.add(new LogAppend(append.log(), append.batch().duplicate()));
        }
        return copies;
    }

    /** Tells the listeners; one that throws keeps it from no other. */
    void tellListeners() {
        for (TurnListener listener : listeners) {
            Guard.run("TRN-003", "a listener of a turn", () -> tell(listener));
        }
    }

    private void tell(TurnListener listener) {
        if (phase == Phase.FAILED) {
            listener.failed(detail);
        } else if (incomplete) {
            listener.durableWithout(lost, detail);
        } else {
            listener.durable();
        }
    }
}
