package io.taffrail.kafka.api;

import org.apache.kafka.common.protocol.ApiMessage;

/** Result of a {@link PipelinedHandler}: the action that the connection takes. */
public sealed interface Reply {

    /** Sends a response body in the request's version. */
    record Body(ApiMessage message) implements Reply {}

    /** Sends nothing, because the request expects no response. */
    record Nothing() implements Reply {}

    /** Closes the connection, because the protocol has no other way to report the failure. */
    record Close(String reason) implements Reply {}
}
