package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A request read from its frame.
 *
 * @param body
 *            its buffers lie in the frame
 * @param fields
 *            read from it, a measure of the objects they became
 */
record Decoded(RequestHeader header, ApiMessage body, ByteBuf frame, int fields) {}
