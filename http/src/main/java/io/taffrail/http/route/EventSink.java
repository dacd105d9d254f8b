package io.taffrail.http.route;

/**
 * The client's end of an event stream. Safe for any thread; events of one thread arrive in their
 * order.
 */
public interface EventSink {

    /**
     * Sends an event. A client that does not read is disconnected when 128 KiB wait for it;
     * browsers then connect again and name the last event that they have.
     *
     * @return false if the stream has ended
     */
    boolean send(ServerEvent event);

    /** Ends the stream; events sent before arrive. */
    void end();
}
