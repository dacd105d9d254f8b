package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * Turns a response into what is written to the socket:
 *
 * <pre>
 * i32 size | response header | body
 * </pre>
 *
 * in one buffer of exactly that size, records that are not copied lying between its parts.
 */
final class ResponseWriter {

    private ResponseWriter() {}

    /** The parts in order; their slices and buffers now belong to the caller. */
    static List<Object> encode(RequestHeader request, ApiMessage body, ByteBufAllocator allocator) {
        // An unknown version of ApiVersions is answered with version 0.
        short version = request.isApiVersionSupported() ? request.apiVersion() : 0;
        short headerVersion = request.apiKey().responseHeaderVersion(version);
        ResponseHeaderData header = new ResponseHeaderData()
                .setCorrelationId(request.correlationId());
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, version);
        int inBuffer = Integer.BYTES + size.totalSize() - splicedBytes(body);

        List<Object> parts = new ArrayList<>(3);
        ByteBuf buffer = allocator.directBuffer(inBuffer, inBuffer);
        SplicingWritable out = new SplicingWritable(buffer, parts);
        try {
            out.writeInt(size.totalSize());
            header.write(out, cache, headerVersion);
            body.write(out, cache, version);
        } catch (RuntimeException e) {
            buffer.release();
            throw e;
        }
        out.finish();
        return parts;
    }

    /** Closes the slices of a response that will not be written. */
    static void discard(ApiMessage body) {
        forEachSlice(body, records -> records.slice().close());
    }

    private static int splicedBytes(ApiMessage body) {
        int[] bytes = new int[1];
        forEachSlice(body, records -> {
            if (SplicingWritable.spliced(records.slice())) {
                bytes[0] += records.sizeInBytes();
            }
        });
        return bytes[0];
    }

    private static void forEachSlice(ApiMessage body, Consumer<SliceRecords> action) {
        if (!(body instanceof FetchResponseData fetch)) {
            return;
        }
        for (FetchableTopicResponse topic : fetch.responses()) {
            for (PartitionData partition : topic.partitions()) {
                if (partition.records() instanceof SliceRecords records) {
                    action.accept(records);
                }
            }
        }
    }
}
