package io.taffrail.broker.queue;

/**
 * A client's connection, as far as the domain cares: exclusive queues belong to one and go with
 * it. Compared by identity.
 */
public final class Session {

    private final String name;

    /**
     * @param name
     *            for people: the addresses of both ends
     */
    public Session(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return name;
    }
}
