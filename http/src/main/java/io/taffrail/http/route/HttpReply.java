package io.taffrail.http.route;

/** A route's reply: an answer, an answer that is not yet known, or a stream of events. */
public sealed interface HttpReply permits HttpAnswer, LaterAnswer, EventStream {}
