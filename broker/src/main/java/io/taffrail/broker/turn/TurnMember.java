package io.taffrail.broker.turn;

import io.taffrail.log.AppendResult;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has something to store at the end of a turn. It waits for the open turn, or is part of one that
 * is being stored, or of none. Owner thread only.
 */
public abstract class TurnMember {

    /** Whether it waits for the open turn. */
    private boolean joined;
    /** Steps of the open turn in which it joined, and of the turn that is being stored. */
    private BitSet steps = new BitSet(0);
    private BitSet leavingSteps = new BitSet(0);
    /** What it is bound to in the open turn, and in the turn that is being stored. */
    @Nullable
    Bond bond;
    private @Nullable Bond leavingBond;
    private @Nullable Throwable spoiled;

    /**
     * Adds what it has to store, in order. What this throws fails this member and those bound to
     * it, see {@link #failed}, and no other.
     */
    protected abstract void collect(TurnAppends appends);

    /** One of its appends is stored, not yet durable; in the order they were added. */
    protected abstract void stored(AppendResult.Stored result);

    /** Nothing of this turn was stored, with which it has an append or a part in memory. */
    protected abstract void refused(AppendResult.Refused refusal);

    /**
     * Its part of the turn is not stored, or its state is in doubt after one of its methods threw:
     * it must not bring the same again with a later turn. Publishers are told by the turn.
     *
     * @param own
     *            whether it failed itself; otherwise a member that it was bound to did
     */
    protected void failed(Throwable cause, boolean own) {
        // Most have nothing to undo.
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

    /** Its part of the open turn must not be stored. */
    final void spoil(Throwable cause) {
        spoiled = cause;
    }

    final @Nullable Throwable takeSpoiled() {
        Throwable cause = spoiled;
        spoiled = null;
        return cause;
    }

    /** The open turn closes; from now on the member may join the next. */
    final void leave() {
        joined = false;
        BitSet used = leavingSteps;
        used.clear();
        leavingSteps = steps;
        steps = used;
        leavingBond = bond;
        bond = null;
    }

    /** Steps of the turn that is being stored. */
    final BitSet leavingSteps() {
        return leavingSteps;
    }

    /** What it is bound to in the turn that is being stored, itself among them. */
    final List<TurnMember> bound() {
        Bond bonds = leavingBond;
        return bonds == null ? List.of(this) : bonds.members();
    }

    /** The turn was refused, and some of its members bring the same again: bonds hold on. */
    final void bindAgain() {
        for (TurnMember other : bound()) {
            if (joined && other.joined) {
                Bond.tie(this, other);
            }
        }
    }
}
