package io.taffrail.kafka.api;

import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestContext;

/**
 * One decoded request.
 *
 * @param context
 *            header, connection and principal; its {@code apiVersion()} is supported
 * @param body
 *            the request's message; its byte buffers are views of the received frame, which is
 *            released when the handler's result completes
 * @param asker
 *            the client, which waits for the answer
 */
public record Request<Q extends ApiMessage>(RequestContext context, Q body, Asker asker) {

    /** A request of a client that stays. */
    public Request(RequestContext context, Q body) {
        this(context, body, Asker.STAYS);
    }

    public short version() {
        return context.header.apiVersion();
    }
}
