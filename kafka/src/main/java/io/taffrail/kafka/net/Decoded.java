package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A request read from its frame.
 *
 * @param body
 *            its buffers lie in the frame
 */
record Decoded(RequestHeader header, ApiMessage body, ByteBuf frame) {}
