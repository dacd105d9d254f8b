package io.taffrail.kafka.api;

/** The client of one request, for as long as the request is not answered. */
public interface Asker {

    /** A client that is always there. */
    Asker STAYS = _ -> {};

    /**
     * Has {@code end} run when the client's connection closes before the request is answered; at
     * once if it has closed already. A request that waits for what may never come is to end then,
     * with a {@link java.util.concurrent.CancellationException}, as the memory of its frame is held
     * until it does.
     *
     * @param end
     *            run at most once, on any thread; must not block. One for each request
     */
    void whenGone(Runnable end);
}
