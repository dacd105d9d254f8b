package io.taffrail.broker.turn;

import java.util.BitSet;

/** A listener for the outcome of one turn. Called on the owner's thread, in the order of turns. */
public interface TurnListener {

    /** Everything of the turn is durable. */
    void durable();

    /**
     * Nothing of the turn was stored, or it is unknown whether anything was.
     *
     * @param detail
     *            a reason for people to read
     */
    void failed(String detail);

    /**
     * The turn is durable without some of its {@linkplain Turn#beginStep steps}. By default the
     * listener is told that the turn failed.
     *
     * @param lost
     *            numbers of the steps of which a part was not stored; valid during the call only
     */
    default void durableWithout(BitSet lost, String detail) {
        failed(detail);
    }
}
