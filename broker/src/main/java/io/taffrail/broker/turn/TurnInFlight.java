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
 * A member that throws in any of its methods fails alone, with the members it is bound to: their
 * parts of this turn are left out, and the rest is stored. Publishes are confirmed only in
 * {@code DURABLE}, which is reached only through {@code COMMIT}. Owner thread only.
 */
final class TurnInFlight {

    /** Phases of a turn. */
    enum Phase {
        /** Members add their appends. */
        COLLECT,
        /** The engine is asked to store the appends. */
        COMMIT,
        /** The appends are stored, and wait for the force. */
        SETTLE,
        /** Everything that was stored is durable. */
        DURABLE,
        /** Nothing was stored, or it is unknown whether anything was. */
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
     *            whether the whole turn is one atomic step
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
     * Collects the members' appends. All members leave the open turn before the first one is asked,
     * so that each is in exactly one turn whatever is thrown here.
     *
     * @param spoiled
     *            the reason why the turn must not be stored at all, or null
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

    /**
     * Leaves out a member that failed, and the members bound to it, from the part not yet stored.
     */
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

    /** Tells the members that the engine has stored all appends. */
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

    /** Tells a member whose append is stored. After a throw the state of the member is in doubt. */
    private static void each(TurnMember member, Runnable told) {
        Guard.run(told, cause -> {
            LOG.error("TRN-001 {} failed when it was told of a turn", member, cause);
            tellFailed(member, cause, true);
        });
    }

    /** Goes on without a commit, because no append is left. */
    void storedNothing() {
        transition(Phase.SETTLE);
    }

    /** Tells the members that the engine refused the turn; some of them join the next one again. */
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

    /** Ties the members that join the next turn again as they were bound in this one. */
    private void bindAgain() {
        members.forEach(TurnMember::bindAgain);
        if (whole) {
            List<TurnMember> again = members.stream().filter(TurnMember::isJoined).toList();
            again.forEach(each -> Bond.tie(again.getFirst(), each));
        }
    }

    /**
     * Fails a member that threw when it was told of the refusal, and the members bound to it, which
     * must not be stored later without it. Nothing of this turn was stored.
     */
    private void refusedInVain(TurnMember member, Throwable cause) {
        LOG.error("TRN-001 {} failed when it was told of a refusal", member, cause);
        for (TurnMember each : List.copyOf(whole ? members : member.bound())) {
            tellFailed(each, cause, each.equals(member));
        }
    }

    /** Ends the turn when the appends of other owners are durable too, or with their failure. */
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

    /**
     * Runs {@code then} when all appends of other owners are durable, or with the reason of a
     * failure.
     */
    void whenElsewhere(Consumer<@Nullable String> then) {
        appends.whenElsewhere(then);
    }

    /** Copies of the appends for the engine, which may move the positions of their buffers. */
    List<LogAppend> forEngine() {
        List<LogAppend> copies = new ArrayList<>(appends.appends().size());
        for (LogAppend append : appends.appends()) {
            copies.add(new LogAppend(append.log(), append.batch().duplicate()));
        }
        return copies;
    }

    /** Tells every listener; an exception of one does not affect the others. */
    void tellListeners() {
        tell(listeners);
        tell(appends.listeners());
    }

    private void tell(List<TurnListener> all) {
        for (TurnListener listener : all) {
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
