package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A request decoded from its frame.
 *
 * @param body
 *            message whose buffers are views of the frame
 * @param fields
 *            number of fields read, a measure of the memory of the message's objects
 */
record Decoded(RequestHeader header, ApiMessage body, ByteBuf frame, int fields) {}
