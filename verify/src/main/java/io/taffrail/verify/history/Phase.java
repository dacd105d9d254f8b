package io.taffrail.verify.history;

/** The progress of an action. */
public enum Phase {

    /** The client has requested it. */
    INVOKE,
    /** The broker has confirmed it. */
    OK,
    /** The action was certainly not performed. */
    FAIL,
    /** The action may have been performed, or may still be. */
    UNKNOWN
}
