package io.taffrail.broker.queue;

/**
 * A client's connection as the domain sees it: exclusive queues belong to a session and are deleted
 * with it. Compared by identity.
 */
public final class Session {

    private final String name;
    private boolean ended;

    /**
     * @param name
     *            addresses of both ends, for people to read
     */
    public Session(String name) {
        this.name = name;
    }

    /** The connection is gone; on the thread of its virtual host's owner, as {@link #isEnded}. */
    public void end() {
        ended = true;
    }

    /** Whether nobody can use an exclusive queue of it any more. */
    public boolean isEnded() {
        return ended;
    }

    @Override
    public String toString() {
        return name;
    }
}
