package io.taffrail.broker.turn;

import java.util.BitSet;

/** Waits for the outcome of one turn. On the owner's thread, turns in order. */
public interface TurnListener {

    /** Everything of the turn is durable. */
    void durable();

    /** Nothing of the turn was stored, or nobody knows; for a person. */
    void failed(String detail);

    /**
     * The turn is durable without some of its {@linkplain Turn#beginStep steps}. A listener that
     * does not know its steps is told that the turn failed.
     *
     * @param lost
     *            numbers of the steps of which a part was not stored; valid during the call only
     */
    default void durableWithout(BitSet lost, String detail) {
        failed(detail);
    }
}
