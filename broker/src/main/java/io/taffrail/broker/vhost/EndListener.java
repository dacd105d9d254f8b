package io.taffrail.broker.vhost;

/** Told once when a virtual host can be used no more. On the owner's thread. */
public interface EndListener {

    /** It is being deleted. */
    void deleted();

    /**
     * What it was asked to store may be lost, and nobody knows: what waits for it waits in vain.
     */
    void failed(String detail);
}
