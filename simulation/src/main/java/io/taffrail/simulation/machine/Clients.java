package io.taffrail.simulation.machine;

/** The clients of a machine in one life. */
public interface Clients {

    /** Lets one client perform a random action. */
    void something();

    /**
     * Disconnects the clients. The disk works again, so pending requests are answered first as
     * far as it allows.
     */
    void leave();
}
