package io.taffrail.broker.vhost;

/**
 * A listener that is told once when a virtual host can no longer be used. Called on the owner's
 * thread.
 */
public interface EndListener {

    /** The virtual host is being deleted. */
    void deleted();

    /**
     * The virtual host cannot store any more. It is unknown whether outstanding requests were
     * stored; they are not answered.
     */
    void failed(String detail);
}
