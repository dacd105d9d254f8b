package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestHeader;

/** Decoder of requests: {@code i16 api key | i16 version | i32 correlation | client id | body}. */
final class RequestDecoder {

    private RequestDecoder() {}

    /** The frame's API key, not validated. The frame must have at least two bytes. */
    static short apiKey(ByteBuf frame) {
        return frame.getShort(frame.readerIndex());
    }

    /**
     * Decodes header and body. The body of an ApiVersions request with an unknown version is not
     * decoded.
     *
     * @throws BadRequestException
     *             if the frame is invalid; its message is for the log
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
            return body(header, buffer, frame, body);
        } catch (RuntimeException e) {
            throw new BadRequestException("the body of " + key.name + " version "
                    + header.apiVersion() + " cannot be read: " + reason(e), e);
        }
    }

    private static Decoded body(RequestHeader header, ByteBuffer buffer, ByteBuf frame,
            ApiMessage body) {
        ApiKeys key = header.apiKey();
        int start = buffer.position();
        int maxFields = key == ApiKeys.PRODUCE
                ? BoundedReader.MAX_FIELDS_ON_LOOP
                : BoundedReader.MAX_FIELDS;
        BoundedReader reader = new BoundedReader(buffer,
                KeyedArrays.in(key) ? KeyedArrays.SHORT : Integer.MAX_VALUE, maxFields);
        try {
            body.read(reader, header.apiVersion());
            return new Decoded(header, body, frame, reader.fields());
        } catch (BoundedReader.LongArrayException _) {
            KeyedArrays.check(key, header.apiVersion(), buffer.duplicate().position(start));
        }
        BoundedReader again = new BoundedReader(buffer.position(start), Integer.MAX_VALUE,
                maxFields);
        ApiMessage whole = key.messageType.newRequest();
        whole.read(again, header.apiVersion());
        return new Decoded(header, whole, frame, again.fields());
    }

    private static String reason(RuntimeException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
