package io.taffrail.verify.history;

/** How far an action has come. */
public enum Phase {

    /** It is asked for. */
    INVOKE,
    /** It is done, and the broker has said so. */
    OK,
    /** It is certain that it was not done. */
    FAIL,
    /** It may have been done or not, or may yet be. */
    UNKNOWN
}
