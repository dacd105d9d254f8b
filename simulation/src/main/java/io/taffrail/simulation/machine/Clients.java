package io.taffrail.simulation.machine;

/** Those who use a machine in one life. */
public interface Clients {

    /** One of them does some random thing. */
    void something();

    /**
     * They leave: what is asked for is answered where the disk lets it be, which has nothing in the
     * way any more.
     */
    void leave();
}
