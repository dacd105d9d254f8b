package io.taffrail.kafka.api;

import org.apache.kafka.common.protocol.ApiMessage;

/** What a {@link PipelinedHandler} has the connection do. */
public sealed interface Reply {

    /** Send this body, of the request's version. */
    record Body(ApiMessage message) implements Reply {}

    /** Send nothing: the request asked for no answer. */
    record Nothing() implements Reply {}

    /** Close the connection, as the client can be told of the failure in no other way. */
    record Close(String reason) implements Reply {}
}
