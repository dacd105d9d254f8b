package io.taffrail.broker.turn;

import io.taffrail.log.AppendResult;

/** Has something to store at the end of a turn. Owner thread only. */
public abstract class TurnMember {

    private boolean joined;

    /** Adds what it has to store, in order. */
    protected abstract void collect(TurnAppends appends);

    /** One of its appends is stored, not yet durable; in the order they were added. */
    protected abstract void stored(AppendResult.Stored result);

    /** Nothing that it added to this turn was stored. */
    protected abstract void refused(AppendResult.Refused refusal);

    final boolean join() {
        boolean first = !joined;
        joined = true;
        return first;
    }

    final void left() {
        joined = false;
    }
}
