package io.taffrail.http.route;

/** Answers one kind of request. Called on a virtual thread and may block. */
@FunctionalInterface
public interface HttpRoute {

    /**
     * Answers a request.
     *
     * @throws HttpProblem
     *             if it is refused; broker errors are translated by the caller
     */
    HttpReply answer(HttpCall call) throws Exception;
}
