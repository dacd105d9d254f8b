package io.taffrail.http.route;

import java.util.concurrent.CompletableFuture;

/**
 * An answer that is not yet known: a long poll, or a message that is being stored. While it is
 * open it occupies no thread, and does not count for {@code http.max.requests}.
 *
 * @param answer
 *            completed by any thread, with the answer or with the failure of the request. If the
 *            client leaves first it is cancelled, so whoever waits can give up. The route sets its
 *            own time limit
 */
public record LaterAnswer(CompletableFuture<? extends HttpReply> answer) implements HttpReply {}
