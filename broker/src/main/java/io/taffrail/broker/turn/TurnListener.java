package io.taffrail.broker.turn;

/** Waits for what became of one turn. On the owner's thread, turns in order. */
public interface TurnListener {

    /** Everything of the turn is durable. */
    void durable();

    /** Nothing of the turn was stored, or nobody knows; for a person. */
    void failed(String detail);
}
