package io.taffrail.net;

import java.util.List;

/** The connections of one head, for its operator. Safe for any thread. */
public interface ClientConnections {

    /** The open connections. */
    List<ClientConnection> list();

    /**
     * Begins to close a connection by its {@link ClientConnection#name}; false if there is none.
     */
    boolean close(String name);
}
