package io.taffrail.http.route;

/**
 * A stream of server-sent events (WHATWG HTML, section 9.2). It lasts until either side ends it.
 * Meanwhile it occupies a connection, but no thread.
 *
 * @param source
 *            opened once the client has been sent the head of the answer
 */
public record EventStream(EventSource source) implements HttpReply {

    /** Sends events to a client. */
    @FunctionalInterface
    public interface EventSource {

        /**
         * Opens the stream. The source may send events at once and later, from any thread.
         *
         * @return called once when the stream has ended, by the connection's event loop; must not
         *         block
         */
        Runnable open(EventSink sink);
    }
}
