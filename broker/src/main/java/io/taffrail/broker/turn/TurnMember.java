package io.taffrail.broker.turn;

import io.taffrail.log.AppendResult;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A participant in turns, with something to store at the end of one. At any time it waits for the
 * open turn, is part of a turn that is being stored, or both, or neither; its part for one turn is
 * in that turn alone. Owner thread only.
 */
public abstract class TurnMember {

    /** Whether the member is in the open turn. */
    private boolean joined;
    /** Steps of the open turn in which it joined, and those of the turn that is being stored. */
    private BitSet steps = new BitSet(0);
    private BitSet leavingSteps = new BitSet(0);
    /** Members it is bound to in the open turn, and in the turn that is being stored. */
    @Nullable
    Bond bond;
    private @Nullable Bond leavingBond;
    private @Nullable Throwable spoiled;

    /**
     * Adds the member's batches, in order. An exception fails this member and the members bound to
     * it (see {@link #failed}), and no others.
     */
    protected abstract void collect(TurnAppends appends);

    /** Told that one of its appends is stored but not yet durable, in the order they were added. */
    protected abstract void stored(AppendResult.Stored result);

    /**
     * Told that the engine refused the turn in which the member has an append or a part in memory:
     * nothing of that turn was stored.
     */
    protected abstract void refused(AppendResult.Refused refusal);

    /**
     * Told that its part of the turn is not stored, or that its state is in doubt after one of its
     * methods threw. It must not add the same batches to a later turn. The turn tells the
     * publishers.
     *
     * @param own
     *            whether this member failed itself; otherwise a member that it was bound to did
     */
    protected void failed(Throwable cause, boolean own) {
        // Most members have nothing to undo.
    }

    final boolean join() {
        boolean first = !joined;
        joined = true;
        return first;
    }

    final boolean isJoined() {
        return joined;
    }

    final void joinedIn(int step) {
        steps.set(step);
    }

    /** Marks the member's part of the open turn as one that must not be stored. */
    final void spoil(Throwable cause) {
        spoiled = cause;
    }

    final @Nullable Throwable takeSpoiled() {
        Throwable cause = spoiled;
        spoiled = null;
        return cause;
    }

    /** Moves the member out of the open turn as it closes; it may then join the next. */
    final void leave() {
        joined = false;
        BitSet used = leavingSteps;
        used.clear();
        leavingSteps = steps;
        steps = used;
        leavingBond = bond;
        bond = null;
    }

    /** Steps of the turn that is being stored in which the member takes part. */
    final BitSet leavingSteps() {
        return leavingSteps;
    }

    /** Members it is bound to in the turn that is being stored, this one included. */
    final List<TurnMember> bound() {
        Bond bonds = leavingBond;
        return bonds == null ? List.of(this) : bonds.members();
    }

    /**
     * After a refusal, ties this member again to the bound members that have joined the next turn
     * too.
     */
    final void bindAgain() {
        for (TurnMember other : bound()) {
            if (joined && other.joined) {
                Bond.tie(this, other);
            }
        }
    }
}
