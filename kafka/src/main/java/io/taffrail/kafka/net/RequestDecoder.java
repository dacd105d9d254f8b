package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestHeader;

/** Reads requests: {@code i16 api key | i16 version | i32 correlation | client id | body}. */
final class RequestDecoder {

    private RequestDecoder() {}

    /** The request's kind, unchecked; the frame has at least two bytes. */
    static short apiKey(ByteBuf frame) {
        return frame.getShort(frame.readerIndex());
    }

    /**
     * Reads header and body. The body of an ApiVersions request of an unknown version is not read.
     *
     * @throws BadRequestException
     *             if the frame cannot be read; the reason is for the log
     */
    static Decoded decode(ByteBuf frame) throws BadRequestException {
        ByteBuffer buffer = frame.nioBuffer();
        RequestHeader header;
        try {
            header = RequestHeader.parse(buffer);
        } catch (RuntimeException e) {
            throw new BadRequestException("the request header cannot be read: " + reason(e), e);
        }
        ApiKeys key = header.apiKey();
        ApiMessage body = key.messageType.newRequest();
        if (!header.isApiVersionSupported()) {
            if (key == ApiKeys.API_VERSIONS) {
                return new Decoded(header, body, frame, 0);
            }
            throw new BadRequestException(
                    "version " + header.apiVersion() + " of " + key.name + " is not known");
        }
        try {
            BoundedReader reader = new BoundedReader(buffer);
            body.read(reader, header.apiVersion());
            return new Decoded(header, body, frame, reader.fields());
        } catch (RuntimeException e) {
            throw new BadRequestException("the body of " + key.name + " version "
                    + header.apiVersion() + " cannot be read: " + reason(e), e);
        }
    }

    private static String reason(RuntimeException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
