package io.taffrail.broker.queue;

/**
 * A client's connection as the domain sees it: exclusive queues belong to a session and are deleted
 * with it. Compared by identity.
 */
public final class Session {

    private final String name;

    /**
     * @param name
     *            addresses of both ends, for people to read
     */
    public Session(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return name;
    }
}
